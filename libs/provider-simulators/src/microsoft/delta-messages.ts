import { type Answer, type Exchange, json } from '../shared/exchange.js';
import { seededRandom, shuffled } from '../shared/seeded-random.js';
import { graphError, idFor, mailView } from './graph-answers.js';
import { filterOf } from './list-messages.js';
import { INBOX, type MailChange, type SimulatedMailbox } from './simulated-mailbox.js';

/** How delta answers come, within what its documentation allows. */
export interface DeltaBehaviour {
  /** Every item twice (a replay). */
  duplicate: boolean;
  /** In an arbitrary order. */
  reorder: boolean;
  /** Items a page, whatever the client prefers; null: as it prefers. */
  pageSize: number | null;
}

const DEFAULT_PAGE = 10;
/** With a filter no more than this comes, and nothing says that there would be more (delta-query-messages.md). */
const MOST_WITH_FILTER = 5_000;

/** Where a round of pages stands: from `after` to `until` in the journal; `filtered` rounds are cut off. */
interface Round {
  readonly epoch: number;
  readonly after: number;
  readonly until: number;
  readonly offset: number;
  readonly filter: string | null;
}

/** `GET /me/mailFolders/inbox/messages/delta`: a first round of everything, then rounds of what changed since. */
export function deltaMessages(mailbox: SimulatedMailbox, exchange: Exchange, behaviour: DeltaBehaviour): Answer {
  const query = exchange.url.searchParams;
  const deltaToken = query.get('$deltatoken');
  const skipToken = query.get('$skiptoken');
  const round = skipToken !== null ? parseRound(skipToken) : nextRound(mailbox, deltaToken, query.get('$filter'));
  if (round === null) return graphError(400, 'BadRequest', 'Badly formed token');
  if (round.epoch !== mailbox.epoch)
    return graphError(410, 'SyncStateNotFound', 'The sync state generation is not found');
  const items = changesOf(mailbox, round, behaviour);
  const size = behaviour.pageSize ?? preferredSize(exchange);
  const end = round.offset + size;
  return json(200, {
    '@odata.context': `${exchange.url.origin}/v1.0/$metadata#Collection(message)`,
    ...(end < items.length
      ? { '@odata.nextLink': linkTo(exchange, '$skiptoken', { ...round, offset: end }) }
      : { '@odata.deltaLink': linkTo(exchange, '$deltatoken', { ...round, offset: 0 }) }),
    value: items.slice(round.offset, end).map((change) => itemOf(change, exchange)),
  });
}

function nextRound(mailbox: SimulatedMailbox, deltaToken: string | null, filter: string | null): Round | null {
  const { epoch, journal } = mailbox;
  if (deltaToken === null) return { epoch, after: 0, until: journal.length, offset: 0, filter };
  const before = parseRound(deltaToken);
  return before && { ...before, after: before.until, until: journal.length };
}

function changesOf(mailbox: SimulatedMailbox, round: Round, behaviour: DeltaBehaviour): MailChange[] {
  const first = round.after === 0;
  const wanted = filterOf(round.filter) ?? (() => true);
  const changes = new Map<string, MailChange>();
  for (const change of mailbox.journal.slice(round.after, round.until)) {
    if (change.folder === INBOX) changes.set(change.mail.immutableId, change);
  }
  const told = [...changes.values()].filter(({ kind, mail }) => (first ? kind === 'there' : true) && wanted(mail));
  const items = told.slice(0, round.filter === null ? undefined : MOST_WITH_FILTER);
  const repeated = behaviour.duplicate ? items.flatMap((item) => [item, item]) : items;
  return behaviour.reorder ? shuffled(repeated, seededRandom(round.until)) : repeated;
}

function itemOf({ kind, reason, mail }: MailChange, exchange: Exchange): object {
  return kind === 'there' ? mailView(mail, exchange) : { id: idFor(mail, exchange), '@removed': { reason } };
}

function preferredSize({ headers }: Exchange): number {
  return Number(/odata\.maxpagesize=(\d+)/i.exec(headers['prefer'] ?? '')?.[1] ?? DEFAULT_PAGE);
}

/** Links repeat what was selected: the client follows them as they are. Tokens look as odd as Microsoft's. */
function linkTo({ url }: Exchange, name: '$skiptoken' | '$deltatoken', round: Round): string {
  const link = new URL(url.origin + url.pathname);
  const selected = url.searchParams.get('$select');
  const token = `${Buffer.from(JSON.stringify(round)).toString('base64')}=_-~`;
  if (selected !== null) link.searchParams.set('$select', selected);
  link.searchParams.set(name, token);
  return link.href;
}

function parseRound(token: string): Round | null {
  try {
    const round = JSON.parse(Buffer.from(token.replace(/=_-~$/, ''), 'base64').toString()) as Partial<Round> | null;
    return typeof round?.epoch === 'number' ? (round as Round) : null;
  } catch {
    return null; // no token of ours
  }
}
