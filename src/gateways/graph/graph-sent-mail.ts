import { GatewayError } from '../gateway.errors.js';
import type { SentSearch } from '../mail-sender.port.js';
import { CLOCK_TOLERANCE_MS, headerIn, MAIL_ID_HEADER } from '../sent-mail.js';
import type { SentMail, SentMailMemory } from '../sent-mail-memory.js';
import type { GraphConnection } from './graph-connection.js';
import { anythingSentSince, mailSource, sentItemsSince } from './graph-paths.js';

/** What one mailbox has sent. */
export class GraphSentMail {
  constructor(
    private readonly connection: GraphConnection,
    private readonly mailbox: string,
    private readonly memory: SentMailMemory,
  ) {}

  /**
   * Looks for a mail of ours that was sent at this time or later, wherever it lies by now: people and rules move what was
   * sent, to a folder of a project or to the bin. `unsearchable`: one of those mails went away before it could be read,
   * and might have been it.
   * @throws GatewayError
   */
  async find(mailId: string, since: Date): Promise<SentSearch> {
    const filed = await this.findFiled(mailId, since);
    return filed.kind === 'absent' ? this.#search(mailId, anythingSentSince(withTolerance(since))) : filed;
  }

  /** Like `find`, in Sent Items alone, where Exchange files what it sends. */
  async findFiled(mailId: string, since: Date): Promise<SentSearch> {
    return this.#search(mailId, sentItemsSince(withTolerance(since)));
  }

  async #search(mailId: string, first: string): Promise<SentSearch> {
    for (let link: string | null = first; link !== null;) {
      const page: Record<string, unknown> = await this.connection.json(link);
      for (const item of itemsOf(page)) {
        const mail = await this.#read(item);
        if (mail === null) return { kind: 'unsearchable' };
        if (mail.mailId === mailId) return { kind: 'found', sentAs: mail.from };
      }
      const next = page['@odata.nextLink'];
      link = typeof next === 'string' ? next : null;
    }
    return { kind: 'absent' };
  }

  /**
   * `internetMessageHeaders` is often missing on copies in Sent Items (microsoft-graph-docs 2716, 3066, 18761;
   * msgraph-sdk-dotnet 3025), so what does not stand there proves nothing: then the source says it. What came in has
   * all its fields, `Received` among them (RFC 5321, 4.4).
   * null: the mail is not there any more
   */
  async #read(item: SentItem): Promise<SentMail | null> {
    const known = this.memory.recall(this.mailbox, item.id);
    if (known) return known;
    const { id, internetMessageHeaders: fields } = item;
    const cameIn = headerIn(fields, 'Received') !== null;
    const mailId = headerIn(fields, MAIL_ID_HEADER) ?? (cameIn ? null : await this.#idInSource(id));
    if (mailId === undefined) return null;
    const mail = { mailId, from: addressOf(item) };
    this.memory.remember(this.mailbox, id, mail);
    return mail;
  }

  /** undefined: the mail is gone. */
  async #idInSource(id: string): Promise<string | null | undefined> {
    try {
      return MAIL_ID.exec(await this.connection.header(mailSource(id)))?.[1] ?? null;
    } catch (error) {
      const failure = error instanceof GatewayError ? error.failure : null;
      if (failure?.kind === 'Rejected' && failure.code === 'ErrorItemNotFound') return undefined;
      throw error;
    }
  }
}

const withTolerance = (since: Date): Date => new Date(since.getTime() - CLOCK_TOLERANCE_MS);

const MAIL_ID = new RegExp(`^${MAIL_ID_HEADER}:[ \\t]*(\\S+)[ \\t]*\\r?$`, 'im');

interface SentItem {
  readonly id: string;
  readonly internetMessageHeaders?: unknown;
  readonly from?: { readonly emailAddress?: { readonly address?: unknown } } | null;
}

/** A page without its list is half an answer, and no empty one. */
function itemsOf({ value }: Record<string, unknown>): readonly SentItem[] {
  const isList = Array.isArray(value) && value.every((item: Partial<SentItem> | null) => typeof item?.id === 'string');
  if (!isList) throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
  return value as readonly SentItem[];
}

function addressOf({ from }: SentItem): string | null {
  const address = from?.emailAddress?.address;
  return typeof address === 'string' ? address : null;
}
