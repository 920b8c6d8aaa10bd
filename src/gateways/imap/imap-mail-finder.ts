import type { ListResponse, SearchObject } from 'imapflow';
import { headerFacts, isWanted } from '../found-mail.js';
import type { MailAccount, MailNetwork } from '../mail-account.js';
import type { Findings, FoundMail, MailFinder, MailPlace, WantedMail } from '../mail-finder.port.js';
import { defaultReaderLimits, type ReaderLimits } from '../reader-limits.js';
import { ImapConnection } from './imap-connection.js';
import { uidSet } from './uid-set.js';

/** Mails looked at in one folder, the newest. */
const MOST_MAILS = 500;
/** Folders looked into besides the INBOX. */
const MOST_FOLDERS = 40;
/** What a SEARCH key can be without a charset, of which servers know different ones. */
const SEARCHABLE = /^[\x20-\x7e]+$/;
const CANNOT_BE_ASKED: Findings = { found: [], complete: false, otherFolders: false };
const DAY_MS = 86_400_000;

const PLACES: Readonly<Record<string, MailPlace>> = { '\\Junk': 'junk', '\\Trash': 'trash' };
/** What was never received, or stands elsewhere as well (RFC 6154). */
const LEFT_OUT: ReadonlySet<string> = new Set(['\\Sent', '\\Drafts', '\\All', '\\Flagged', '\\Important', '\\Inbox']);

/** Looks for a mail by IMAP SEARCH (RFC 3501, 6.4.4): in the INBOX, then in the other folders, all by EXAMINE. */
export class ImapMailFinder implements MailFinder {
  constructor(
    private readonly account: MailAccount,
    private readonly network: MailNetwork,
    private readonly limits: ReaderLimits = defaultReaderLimits,
  ) {}

  async find(wanted: WantedMail, signal: AbortSignal): Promise<Findings> {
    if ('messageId' in wanted && !SEARCHABLE.test(wanted.messageId)) return CANNOT_BE_ASKED;
    const { account, network, limits } = this;
    const connection = await ImapConnection.open({ account, network, limits, signal });
    try {
      const inbox = await search(connection, wanted, 'inbox', null);
      if (inbox.found.length > 0) return { ...inbox, otherFolders: false };
      const folders = (await connection.folders()).filter(isWorthALook).sort(likelyFirst).slice(0, MOST_FOLDERS);
      for (const { path, name, specialUse } of folders) {
        if (!(await connection.examine(path))) continue;
        const { found } = await search(connection, wanted, PLACES[specialUse ?? ''] ?? 'other', name);
        if (found.length > 0) return { found, complete: inbox.complete, otherFolders: true };
      }
      return { ...inbox, otherFolders: true };
    } finally {
      await connection.close();
    }
  }
}

function isWorthALook({ path, flags, specialUse = '' }: ListResponse): boolean {
  return path.toUpperCase() !== 'INBOX' && !flags.has('\\Noselect') && !flags.has('\\NonExistent') && !LEFT_OUT.has(specialUse); // prettier-ignore
}

const likelyFirst = (one: ListResponse, other: ListResponse): number =>
  Number((other.specialUse ?? '') in PLACES) - Number((one.specialUse ?? '') in PLACES);

async function search(
  connection: ImapConnection,
  wanted: WantedMail,
  place: MailPlace,
  folder: string | null,
): Promise<Pick<Findings, 'found' | 'complete'>> {
  const uids = await connection.search(queryOf(wanted));
  const found: FoundMail[] = [];
  const looked = uids.slice(-MOST_MAILS);
  if (looked.length > 0) {
    const query = { uid: true, internalDate: true, headers: ['From', 'Message-ID'] };
    await connection.fetch(uidSet(looked), query, ({ internalDate, headers }) => {
      const receivedAt = internalDate instanceof Date ? internalDate : null;
      const facts = headers ? headerFacts(headers) : { messageId: null, from: null };
      found.push({ place, folder, receivedAt, ...facts });
    });
  }
  return { found: found.filter((mail) => isWanted(wanted, mail)), complete: looked.length === uids.length };
}

/** SEARCH knows days only, in a time zone of the server's choice: a day more on either side. */
function queryOf(wanted: WantedMail): SearchObject {
  if ('messageId' in wanted) return { header: { 'message-id': wanted.messageId } };
  return { since: new Date(wanted.since.getTime() - DAY_MS), before: new Date(wanted.until.getTime() + 2 * DAY_MS) };
}
