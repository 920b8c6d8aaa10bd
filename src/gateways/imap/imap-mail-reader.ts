import { fetchSources } from '../fetch-sources.js';
import { GatewayError } from '../gateway.errors.js';
import type { MailAccount, MailNetwork } from '../mail-account.js';
import type {
  FetchedMail,
  ImapCursor,
  MailBatch,
  MailReader,
  ReadRequest,
  UnreadableMail,
} from '../mail-reader.port.js';
import { oneAhead } from '../one-ahead.js';
import { planBatches } from '../plan-batches.js';
import { receivedDate } from '../received-date.js';
import { defaultReaderLimits, type ReaderLimits } from '../reader-limits.js';
import { freshConnections, type ImapConnections } from './imap-connections.js';
import { type ImapScan, scanInbox } from './imap-scan.js';
import { ImapSession } from './imap-session.js';
import { ImapSourceFetcher } from './imap-source-fetcher.js';
import { uidSet } from './uid-set.js';

/** Mails whose sizes are asked for in one command; its line stays below 8,000 bytes (RFC 7162, 4 advises 8,192). */
const SIZED_TOGETHER = 500;

interface WantedMail {
  readonly uid: number;
  readonly receivedAt: number;
  readonly size: number;
  readonly isTooLarge: boolean;
}

/** Reads an INBOX by IMAP4rev1 (RFC 3501; imapflow). See MailReader for what it guarantees. */
export class ImapMailReader implements MailReader {
  constructor(
    private readonly account: MailAccount,
    private readonly network: MailNetwork,
    private readonly limits: ReaderLimits = defaultReaderLimits,
    private readonly connections: ImapConnections = freshConnections,
  ) {}

  async *changesSince({ cursor, since, signal }: ReadRequest): AsyncGenerator<MailBatch> {
    if (cursor && cursor.protocol !== 'imap') {
      throw new GatewayError({ kind: 'CursorInvalid', reason: 'other_protocol' });
    }
    const abandoned = new AbortController();
    const environment = {
      account: this.account,
      network: this.network,
      limits: this.limits,
      signal: AbortSignal.any([signal, abandoned.signal]),
    };
    const session = await ImapSession.open(environment, this.connections);
    try {
      yield* oneAhead(this.#pass(session, cursor, since), () => abandoned.abort());
    } finally {
      await session.close();
    }
  }

  async *#pass(session: ImapSession, cursor: ImapCursor | null, since: Date): AsyncGenerator<MailBatch, undefined> {
    const connection = await session.connection();
    if (cursor) assertSameInbox(cursor, session.uidValidity, connection.inbox.uidNext);
    const scan = await scanInbox(connection, cursor?.lastUid ?? 0, since);
    const found = scan.uids.length;
    const oldestOnServer = cursor ? null : scan.oldest;
    const batchOf = (content: Pick<MailBatch, 'mails' | 'unreadable'>, lastUid: number): MailBatch => ({
      ...content,
      cursor: { protocol: 'imap', uidValidity: session.uidValidity, lastUid },
      found,
      oldestOnServer,
    });
    let reached = -1;
    for (let from = 0; from < found; from += SIZED_TOGETHER) {
      const wanted = await this.#sized(session, scan, from, from + SIZED_TOGETHER);
      for (const batch of planBatches(wanted, this.limits)) {
        const uid = batch.at(-1)?.uid ?? 0;
        reached = uid === scan.uids.at(-1) ? scan.lastUid : uid;
        yield batchOf(await this.#fetched(session, batch), reached);
      }
    }
    // every pass yields at least once, and its last cursor stands for all that was looked at
    if (reached !== scan.lastUid) yield batchOf({ mails: [], unreadable: [] }, scan.lastUid);
  }

  /** Those of `scan` from index `from` to `to` that are still there, with their sizes. */
  async #sized(session: ImapSession, scan: ImapScan, from: number, to: number): Promise<WantedMail[]> {
    const uids = scan.uids.slice(from, to);
    const sizes = new Map<number, number>();
    const connection = await session.connection();
    await connection.fetch(uidSet(uids), { uid: true, size: true }, ({ uid, size }) => {
      sizes.set(uid, size ?? 0);
    });
    return uids.flatMap((uid, index) => {
      const size = sizes.get(uid);
      const receivedAt = scan.receivedAt[from + index] ?? Number.NaN;
      return size === undefined ? [] : [{ uid, receivedAt, size, isTooLarge: size > this.limits.mailBytes }];
    });
  }

  async #fetched(session: ImapSession, batch: readonly WantedMail[]): Promise<Pick<MailBatch, 'mails' | 'unreadable'>> {
    const fetchable = batch.filter((mail) => !mail.isTooLarge);
    const bytes = fetchable.reduce((sum, { size }) => sum + size, 0);
    const fetcher = new ImapSourceFetcher(session, this.limits, bytes);
    const uids = fetchable.map(({ uid }) => uid);
    const { sources, unreadable } = await fetchSources(fetcher, uids);
    const mails: FetchedMail[] = [];
    const lost: UnreadableMail[] = [];
    for (const { uid, receivedAt, isTooLarge } of batch) {
      const locator = `${session.uidValidity}/${uid}`;
      const source = sources.get(uid);
      const reason = isTooLarge ? 'too_large' : unreadable.get(uid);
      const date = Number.isNaN(receivedAt) ? null : new Date(receivedAt);
      if (source) mails.push({ locator, source, receivedAt: date ?? receivedDate(source) ?? new Date() });
      else if (reason !== undefined) lost.push({ locator, receivedAt: date, reason });
    }
    return { mails, unreadable: lost };
  }
}

/** A smaller UIDNEXT under the same UIDVALIDITY breaks RFC 9051, 2.3.1.1: new mail would hide below the cursor. */
function assertSameInbox(cursor: ImapCursor, uidValidity: string, uidNext: number | undefined): void {
  if (cursor.uidValidity !== uidValidity) {
    throw new GatewayError({ kind: 'CursorInvalid', reason: 'uid_validity_changed' });
  }
  if (uidNext && uidNext <= cursor.lastUid)
    throw new GatewayError({ kind: 'CursorInvalid', reason: 'uid_next_went_back' });
}
