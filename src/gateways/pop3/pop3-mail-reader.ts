import { fetchSources } from '../fetch-sources.js';
import { GatewayError } from '../gateway.errors.js';
import type { MailAccount, MailNetwork } from '../mail-account.js';
import type {
  FetchedMail,
  MailBatch,
  MailReader,
  Pop3Cursor,
  ReadRequest,
  UnreadableMail,
} from '../mail-reader.port.js';
import { oneAhead } from '../one-ahead.js';
import { planBatches } from '../plan-batches.js';
import { defaultReaderLimits, type ReaderLimits } from '../reader-limits.js';
import { receivedDate } from '../received-date.js';
import { cursorOf, idHash, unseen } from './pop3-cursor.js';
import { type MaildropEntry, Pop3Maildrop } from './pop3-maildrop.js';
import { Pop3SourceFetcher } from './pop3-source-fetcher.js';

interface WantedMail {
  readonly entry: MaildropEntry;
  /** Where it stands in the INBOX. */
  readonly index: number;
  readonly size: number;
  /** Null: its header does not say. */
  readonly receivedAt: Date | null;
  readonly isTooLarge: boolean;
}

/**
 * Reads an INBOX by POP3 (RFC 1939), which has neither dates nor states of its own: when a mail was received its
 * topmost Received field says (TOP n 0, so that unwanted mails cost their headers only), and which mails were seen
 * the cursor says, by UIDL. Never deletes; always says QUIT, unless the connection is lost. See MailReader for what it
 * guarantees; one thing depends on the server: see Pop3SourceFetcher about marking mails as read.
 */
export class Pop3MailReader implements MailReader {
  constructor(
    private readonly account: MailAccount,
    private readonly network: MailNetwork,
    private readonly limits: ReaderLimits = defaultReaderLimits,
  ) {}

  async *changesSince({ cursor, since, signal }: ReadRequest): AsyncGenerator<MailBatch> {
    if (cursor && cursor.protocol !== 'pop3') {
      throw new GatewayError({ kind: 'CursorInvalid', reason: 'other_protocol' });
    }
    const abandoned = new AbortController();
    const maildrop = new Pop3Maildrop({
      account: this.account,
      network: this.network,
      limits: this.limits,
      signal: AbortSignal.any([signal, abandoned.signal]),
    });
    try {
      yield* oneAhead(this.#pass(maildrop, cursor, since), () => abandoned.abort());
    } finally {
      await maildrop.disconnect();
    }
  }

  async *#pass(maildrop: Pop3Maildrop, cursor: Pop3Cursor | null, since: Date): AsyncGenerator<MailBatch, undefined> {
    const entries = await maildrop.entries();
    const hashes = entries.map(({ id }) => (id === null ? null : idHash(id)));
    const isNew = unseen(hashes, cursor);
    const seen = isNew.map((value) => !value);
    const dates = await maildrop.receivedDates(entries.filter((_, index) => isNew[index]));
    const wanted = entries.flatMap((entry, index) => {
      const receivedAt = dates.get(entry) ?? null;
      if (!isNew[index]) return [];
      if (receivedAt && receivedAt < since) seen[index] = true;
      const isTooLarge = entry.size > this.limits.mailBytes;
      return seen[index] ? [] : [{ entry, index, size: entry.size, receivedAt, isTooLarge }];
    });
    const pass = { found: wanted.length, oldestOnServer: cursor ? null : earliest(dates.values()) };
    const fetcher = new Pop3SourceFetcher(maildrop, this.limits);
    for (const batch of planBatches<WantedMail>(wanted, this.limits)) {
      const content = await this.#fetched(fetcher, batch, since);
      for (const { index } of batch) seen[index] = true;
      yield { ...content, ...pass, cursor: cursorOf(hashes, seen) };
    }
    if (wanted.length === 0) yield { mails: [], unreadable: [], ...pass, cursor: cursorOf(hashes, seen) };
  }

  async #fetched(
    fetcher: Pop3SourceFetcher,
    batch: readonly WantedMail[],
    since: Date,
  ): Promise<Pick<MailBatch, 'mails' | 'unreadable'>> {
    const fetchable = batch.filter((mail) => !mail.isTooLarge).map(({ entry }) => entry);
    const { sources, unreadable } = await fetchSources(fetcher, fetchable);
    const mails: FetchedMail[] = [];
    const lost: UnreadableMail[] = [];
    for (const { entry, receivedAt, isTooLarge } of batch) {
      const locator = entry.id ?? entry.key;
      const source = sources.get(entry);
      const reason = isTooLarge ? 'too_large' : unreadable.get(entry);
      if (reason !== undefined) lost.push({ locator, receivedAt, reason });
      if (!source) continue;
      // on servers without TOP the date is known only now; without any date the mail is better had than missed
      const date = receivedAt ?? receivedDate(source) ?? new Date();
      if (date >= since) mails.push({ locator, source, receivedAt: date });
    }
    return { mails, unreadable: lost };
  }
}

function earliest(dates: Iterable<Date>): Date | null {
  let oldest: Date | null = null;
  for (const date of dates) if (!oldest || date < oldest) oldest = date;
  return oldest;
}
