import { GatewayError } from '../gateway.errors.js';
import type {
  FetchedMail,
  GraphCursor,
  MailBatch,
  MailReader,
  ReadRequest,
  UnreadableMail,
} from '../mail-reader.port.js';
import { type GraphAccount, graphWorld } from '../oauth-account.js';
import { oneAhead } from '../one-ahead.js';
import { defaultReaderLimits, type ReaderLimits } from '../reader-limits.js';
import { messagePage } from './graph-answers.js';
import { GraphConnection, type GraphEndpoint } from './graph-connection.js';
import { OLDEST_MAIL } from './graph-paths.js';
import { graphSources, type Sourced } from './graph-sources.js';
import { changedMails, firstDeltaLink, type ListedPage, pastMails, type WantedMail } from './graph-listing.js';

/** What one pass knows from its beginning on. */
interface Pass {
  readonly connection: GraphConnection;
  readonly since: Date;
  found: number;
  oldestOnServer: Date | null;
}

/**
 * Reads an Inbox by Microsoft Graph (v1.0). See MailReader for what it guarantees.
 *
 * The order is what makes it complete: first a delta link is taken, then past mail is imported by a plain list, then the
 * changes since that link are followed; so nothing that arrives during the import is missed. (A delta with a date filter
 * would end after 5,000 mails without saying so: delta-query-messages.md.)
 */
export class GraphMailReader implements MailReader {
  constructor(
    private readonly account: GraphAccount,
    private readonly endpoint: GraphEndpoint,
    private readonly limits: ReaderLimits = defaultReaderLimits,
  ) {}

  async *changesSince({ cursor, since, signal }: ReadRequest): AsyncGenerator<MailBatch> {
    const abandoned = new AbortController();
    const { mailbox, tokens } = this.account;
    const connection = new GraphConnection({
      endpoint: this.endpoint,
      mailbox,
      tokens,
      signal: AbortSignal.any([signal, abandoned.signal]),
    });
    if (cursor && (cursor.protocol !== 'graph' || !connection.isOwn(cursor.link))) {
      throw new GatewayError({ kind: 'CursorInvalid', reason: 'other_protocol' });
    }
    yield* oneAhead(this.#pass(connection, cursor, since), () => abandoned.abort());
  }

  async *#pass(
    connection: GraphConnection,
    cursor: GraphCursor | null,
    since: Date,
  ): AsyncGenerator<MailBatch, undefined> {
    const begin = cursor ?? { protocol: 'graph', link: await firstDeltaLink(connection), from: since.toISOString() };
    const pass: Pass = { connection, since, found: 0, oldestOnServer: null };
    if (begin.from !== undefined) {
      pass.oldestOnServer = await oldestMail(connection);
      for await (const page of pastMails(connection, begin, since)) {
        pass.found = Math.max(pass.found, page.remaining);
        yield* this.#batches(pass, page);
      }
    }
    yield* this.#changes(pass, begin);
  }

  /** Follows the changes to their end; its last cursor is where the next pass goes on. */
  async *#changes(pass: Pass, { link, from, done }: GraphCursor): AsyncGenerator<MailBatch, undefined> {
    const doneOfPage = from === undefined ? (done ?? []) : [];
    let reached: GraphCursor | null = null;
    for await (const page of changedMails(pass.connection, link, doneOfPage, pass.since)) {
      pass.found += page.wanted.length;
      for await (const batch of this.#batches(pass, page)) {
        // Flags and replays of mails that are here already are no finding of the import.
        const { alreadyKnown: _ignored, ...news } = batch;
        reached = news.cursor;
        yield news;
      }
      if (page.isLast && (reached?.link !== page.nextLink || reached.done)) {
        yield this.#batch(pass, [], { protocol: 'graph', link: page.nextLink }, 0);
      }
    }
  }

  /**
   * Cuts mails into batches of bounded size, leaving out those that are on the record. What was fetched before something
   * failed is yielded before the failure is thrown: a mailbox that is told to wait again and again still gets on.
   */
  async *#batches(
    { connection, ...pass }: Pass,
    { wanted, cursorAfter }: ListedPage,
  ): AsyncGenerator<GraphBatch, undefined> {
    const known = wanted.length > 0 ? await this.account.known(wanted.map(({ id }) => id)) : new Set<string>();
    const unknown = wanted.filter(({ id }) => !known.has(id));
    const sources = graphSources(connection, unknown.map(({ id }) => id), this.limits); // prettier-ignore
    let [handled, skipped] = [0, 0];
    let fetched: Fetched[] = [];
    try {
      for (const mail of wanted) {
        if (known.has(mail.id)) skipped += 1;
        else fetched.push(...fetchedOf(mail, (await sources.next()).value));
        handled += 1;
        if (!isFull(fetched, this.limits)) continue;
        yield this.#batch(pass, fetched, cursorAfter(wanted.slice(0, handled)), skipped);
        [fetched, skipped] = [[], 0];
      }
    } catch (error) {
      if (fetched.length > 0) yield this.#batch(pass, fetched, cursorAfter(wanted.slice(0, handled)), skipped);
      throw error;
    } finally {
      await sources.return(undefined);
    }
    if (fetched.length + skipped > 0) yield this.#batch(pass, fetched, cursorAfter(wanted), skipped);
  }

  #batch(
    { found, oldestOnServer }: Pick<Pass, 'found' | 'oldestOnServer'>,
    fetched: readonly Fetched[],
    cursor: GraphCursor,
    skipped: number,
  ): GraphBatch {
    return {
      mails: fetched.flatMap((item) => ('mail' in item ? [item.mail] : [])),
      unreadable: fetched.flatMap((item) => ('lost' in item ? [item.lost] : [])),
      cursor,
      found,
      oldestOnServer,
      regeneratedBy: graphWorld(this.account.mailbox),
      ...(skipped > 0 && { alreadyKnown: skipped }),
    };
  }
}

type GraphBatch = MailBatch & { readonly cursor: GraphCursor };
type Fetched = { readonly mail: FetchedMail } | { readonly lost: UnreadableMail };

function fetchedOf({ id: locator, receivedAt: at }: WantedMail, sourced: Sourced | undefined): Fetched[] {
  const receivedAt = new Date(at);
  switch (sourced?.kind) {
    case 'mail':
      return [{ mail: { locator, source: sourced.source, receivedAt } }];
    case 'unreadable':
      return [{ lost: { locator, receivedAt, reason: sourced.reason } }];
    case 'gone':
      return [];
    case undefined:
      throw new Error('What became of a mail was not told.');
  }
}

function isFull(fetched: readonly Fetched[], { batchMails, batchBytes }: ReaderLimits): boolean {
  const bytes = fetched.reduce((sum, item) => sum + ('mail' in item ? item.mail.source.length : 0), 0);
  return fetched.length >= batchMails || bytes >= batchBytes;
}

/** R30: what the server still holds; null: nothing. */
async function oldestMail(connection: GraphConnection): Promise<Date | null> {
  const [oldest] = messagePage(await connection.json(OLDEST_MAIL)).items;
  return oldest?.receivedAt == null ? null : new Date(oldest.receivedAt);
}
