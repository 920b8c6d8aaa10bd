import { isWanted } from '../found-mail.js';
import type { Findings, FoundMail, MailFinder, MailPlace, WantedMail } from '../mail-finder.port.js';
import type { GraphAccount } from '../oauth-account.js';
import { GraphConnection, type GraphEndpoint } from './graph-connection.js';
import { folderItself, mailsOfDays, mailsOfMessageId } from './graph-paths.js';

const MOST_PAGES = 5;
/** Well-known names of folders (resources/mailfolder.md). */
const FOLDERS = [
  ['inbox', 'inbox'],
  ['junkemail', 'junk'],
  ['deleteditems', 'trash'],
] as const satisfies readonly (readonly [string, MailPlace])[];
/** Mail that is no received mail. */
const LEFT_OUT = ['sentitems', 'drafts'];

interface ListedItem {
  readonly receivedDateTime?: unknown;
  readonly internetMessageId?: unknown;
  readonly parentFolderId?: unknown;
  readonly from?: { readonly emailAddress?: { readonly name?: unknown; readonly address?: unknown } };
}

/** Looks for a mail by Microsoft Graph, in all folders of the mailbox at once (user-list-messages.md). */
export class GraphMailFinder implements MailFinder {
  constructor(
    private readonly account: Pick<GraphAccount, 'mailbox' | 'tokens'>,
    private readonly endpoint: GraphEndpoint,
  ) {}

  async find(wanted: WantedMail, signal: AbortSignal): Promise<Findings> {
    const { mailbox, tokens } = this.account;
    const connection = new GraphConnection({ endpoint: this.endpoint, mailbox, tokens, signal });
    const first = 'messageId' in wanted ? mailsOfMessageId(wanted.messageId) : mailsOfDays(wanted.since, wanted.until);
    const items: ListedItem[] = [];
    let link: string | null = first;
    for (let pages = 0; link !== null && pages < MOST_PAGES; pages++) {
      const page: Record<string, unknown> = await connection.json(link);
      items.push(...(Array.isArray(page['value']) ? (page['value'] as ListedItem[]) : []));
      link = textOf(page['@odata.nextLink']);
    }
    const found = items.length === 0 ? [] : await placed(connection, items);
    return { found: found.filter((mail) => isWanted(wanted, mail)), complete: link === null, otherFolders: true };
  }
}

async function placed(connection: GraphConnection, items: readonly ListedItem[]): Promise<FoundMail[]> {
  const idOf = async (name: string): Promise<string | null> =>
    textOf((await connection.json(folderItself(name)))['id']);
  const places = new Map<string | null, MailPlace>();
  for (const [name, place] of FOLDERS) places.set(await idOf(name), place);
  const leftOut = new Set(await Promise.all(LEFT_OUT.map(idOf)));
  const names = new Map<string, string | null>();
  const found: FoundMail[] = [];
  for (const item of items) {
    const folderId = textOf(item.parentFolderId);
    if (folderId === null || leftOut.has(folderId)) continue;
    const place = places.get(folderId) ?? 'other';
    if (place !== 'inbox' && !names.has(folderId)) {
      names.set(folderId, textOf((await connection.json(folderItself(folderId)))['displayName']));
    }
    found.push({ ...factsOf(item), place, folder: names.get(folderId) ?? null });
  }
  return found;
}

function factsOf({ receivedDateTime, internetMessageId, from }: ListedItem): Omit<FoundMail, 'place' | 'folder'> {
  const at = Date.parse(textOf(receivedDateTime) ?? '');
  const { name, address } = from?.emailAddress ?? {};
  return {
    receivedAt: Number.isNaN(at) ? null : new Date(at),
    messageId: textOf(internetMessageId),
    from: { name: textOf(name) ?? '', address: textOf(address) ?? '' },
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
