import { GatewayError } from '../gateway.errors.js';
import type { GmailBackfill, GmailCursor, MailBatch, MailReader, ReadRequest } from '../mail-reader.port.js';
import { oneAhead } from '../one-ahead.js';
import { defaultReaderLimits, type ReaderLimits } from '../reader-limits.js';
import { type GmailAccount, type GmailEndpoint, gmailWorld } from './gmail-account.js';
import { GmailApi } from './gmail-api.js';
import { GmailInbox } from './gmail-inbox.js';
import { arrivalsSince } from './gmail-arrivals.js';
import { backfill, EMPTY } from './gmail-backfill.js';
import { harvest, type Harvest } from './gmail-harvest.js';
import { surveyInbox } from './gmail-survey.js';

/** Of a mailbox's quota: an import of hours must not keep its owner from sending (100 units a mail). */
const LEFT_FOR_SENDING = 0.1;

/**
 * Reads an INBOX by the Gmail API (guides/sync). The history's place is taken before anything is listed, so that what
 * comes in meanwhile lies behind it; every later pass first takes what has come in, then goes on with what was there
 * before: new mail does not wait for an import that takes hours. See MailReader for what it guarantees.
 */
export class GmailMailReader implements MailReader {
  constructor(
    private readonly account: GmailAccount,
    private readonly endpoint: GmailEndpoint,
    private readonly limits: ReaderLimits = defaultReaderLimits,
  ) {}

  async *changesSince({ cursor, since, signal }: ReadRequest): AsyncGenerator<MailBatch> {
    if (cursor && cursor.protocol !== 'gmail') {
      throw new GatewayError({ kind: 'CursorInvalid', reason: 'other_protocol' });
    }
    const abandoned = new AbortController();
    const { account, endpoint, limits } = this;
    const ending = AbortSignal.any([signal, abandoned.signal]);
    const leaving = account.quota.prices.perMinuteAndUser * LEFT_FOR_SENDING;
    const api = new GmailApi({ account, endpoint, signal: ending, requestMs: limits.silenceMs, leaving });
    yield* oneAhead(this.#pass(api, cursor, since), () => abandoned.abort());
  }

  async *#pass(api: GmailApi, cursor: GmailCursor | null, since: Date): AsyncGenerator<MailBatch, undefined> {
    const inbox = new GmailInbox(api);
    const sources = { inbox, known: this.account.known, limits: this.limits };
    const now = (): number => secondOf(api.clock.now());
    const start = cursor ?? (await begin(api, inbox, secondOf(since.getTime()), now()));
    const { arrivals, historyId } = cursor ? await arrivalsSince(inbox, cursor.historyId) : noArrivals(start);
    const toBatch = batchesOf(this.account.mailbox, start, arrivals.length);
    const ids = arrivals.map(({ id }) => id);

    let last: GmailCursor | null = null;
    for await (const harvested of harvest(ids, { from: since.getTime(), to: Infinity }, sources)) {
      const readUpTo = arrivals[harvested.done - 1]?.readUpTo ?? start.historyId;
      last = { ...start, historyId: harvested.done === ids.length ? historyId : readUpTo };
      yield toBatch(harvested, last);
    }
    const bounds = { since: since.getTime(), without: new Set(ids), now };
    const rest = start.backfill && narrowed(start.backfill, secondOf(since.getTime()));
    for await (const { harvested, rest: next } of rest ? backfill(rest, bounds, sources) : []) {
      last = cursorOf(historyId, next);
      yield toBatch(harvested, last);
    }
    if (last === null || last.backfill) yield toBatch(EMPTY, cursorOf(historyId, null));
  }
}

/** The first pass: where the history stands, then what there is. */
async function begin(api: GmailApi, inbox: GmailInbox, since: number, now: number): Promise<GmailCursor> {
  const { historyId } = await api.profile();
  const { found, oldest } = await surveyInbox(inbox, since, now);
  return cursorOf(historyId, { from: since, began: now, left: found, oldest: oldest?.toISOString() ?? null });
}

/** A later day was chosen since: what lies before it is not asked for any more. */
const narrowed = ({ slice, ...rest }: GmailBackfill, since: number): GmailBackfill =>
  rest.from < since ? { ...rest, from: since } : { ...rest, ...(slice && { slice }) };

const noArrivals = ({ historyId }: GmailCursor) => ({ arrivals: [], historyId });

/** Every batch of a pass says how many mails the pass will yield, and from when the oldest is. */
function batchesOf(mailbox: string, { backfill: rest }: GmailCursor, arrived: number) {
  const found = arrived + (rest?.left ?? 0);
  const oldestOnServer = typeof rest?.oldest === 'string' ? new Date(rest.oldest) : null;
  return ({ mails, unreadable, alreadyKnown }: Harvest, cursor: GmailCursor): MailBatch => {
    const locatedIn = gmailWorld(mailbox);
    return { mails, unreadable, cursor, found, oldestOnServer, locatedIn, ...(alreadyKnown > 0 && { alreadyKnown }) };
  };
}

const cursorOf = (historyId: string, backfill: GmailBackfill | null): GmailCursor =>
  backfill === null ? { protocol: 'gmail', historyId } : { protocol: 'gmail', historyId, backfill };

const secondOf = (milliseconds: number): number => Math.floor(milliseconds / 1_000);
