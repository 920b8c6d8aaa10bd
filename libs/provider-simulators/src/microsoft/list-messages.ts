import { type Answer, type Exchange, json } from '../shared/exchange.js';
import { graphError, mailView } from './graph-answers.js';
import { type StoredMail } from './simulated-mailbox.js';

const DEFAULT_PAGE = 10;
const LARGEST_PAGE = 1_000;

interface ListQuery {
  readonly top: number;
  readonly skip: number;
  readonly filter: string | null;
  readonly orderBy: string | null;
  readonly counted: boolean;
}

/** `GET /me/mailFolders/inbox/messages` and `GET /me/messages` (all folders) with $filter, $orderby, $top, $skip and $count (user-list-messages.md). */
export function listMessages(mails: readonly StoredMail[], exchange: Exchange): Answer {
  const query = queryOf(exchange.url.searchParams);
  const { top, skip, filter, orderBy, counted } = query;
  const wanted = filterOf(filter);
  const fault = faultOf(query);
  if (fault !== null || wanted === null) return graphError(400, fault ?? 'BadRequest', 'Invalid query');
  const listed = mails.filter(wanted).sort(byReceipt(orderBy ?? 'receivedDateTime desc'));
  const next = new URL(exchange.url);
  next.searchParams.set('$skip', String(skip + top));
  return json(200, {
    '@odata.context': `${next.origin}/v1.0/$metadata#users('me')/mailFolders('inbox')/messages`,
    ...(counted && { '@odata.count': listed.length }),
    value: listed.slice(skip, skip + top).map((mail) => mailView(mail, exchange)),
    ...(skip + top < listed.length && { '@odata.nextLink': next.href }),
  });
}

function queryOf(query: URLSearchParams): ListQuery {
  return {
    top: Number(query.get('$top') ?? DEFAULT_PAGE),
    skip: Number(query.get('$skip') ?? 0),
    filter: query.get('$filter'),
    orderBy: query.get('$orderby'),
    counted: query.get('$count') === 'true',
  };
}

/** The code with which Graph refuses the query; null: it takes it. */
function faultOf({ top, filter, orderBy }: ListQuery): string | null {
  if (!Number.isInteger(top) || top < 1 || top > LARGEST_PAGE) return 'ErrorInvalidUrlQuery';
  // Properties of $orderby have to stand in $filter first, in the same order.
  const misplaced = filter !== null && orderBy !== null && !filter.startsWith(orderBy.split(' ')[0] ?? '');
  return misplaced ? 'InefficientFilter' : null;
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ge: (a, b) => a >= b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  lt: (a, b) => a < b,
};

/** Comparisons of `receivedDateTime` joined by `and`, or one Message-ID; null: something else. */
export function filterOf(filter: string | null): ((mail: StoredMail) => boolean) | null {
  const [, literal] = /^internetMessageId eq '((?:[^']|'')*)'$/.exec(filter ?? '') ?? [];
  if (literal !== undefined) return (mail) => mail.internetMessageId === literal.replaceAll("''", "'");
  const conditions: ((mail: StoredMail) => boolean)[] = [];
  for (const clause of filter?.split(' and ') ?? []) {
    const [, operator = '', at = ''] = /^receivedDateTime (ge|gt|le|lt) (\S+Z)$/.exec(clause) ?? [];
    const compare = COMPARISONS[operator];
    const limit = Date.parse(at);
    if (!compare || Number.isNaN(limit)) return null;
    conditions.push(({ receivedAt }) => compare(receivedAt.getTime(), limit));
  }
  return (mail) => conditions.every((condition) => condition(mail));
}

function byReceipt(orderBy: string): (a: StoredMail, b: StoredMail) => number {
  const direction = orderBy.endsWith(' asc') || orderBy === 'receivedDateTime' ? 1 : -1;
  return (a, b) => direction * (a.receivedAt.getTime() - b.receivedAt.getTime());
}
