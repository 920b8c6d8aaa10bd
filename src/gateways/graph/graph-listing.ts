import { GatewayError } from '../gateway.errors.js';
import type { GraphCursor } from '../mail-reader.port.js';
import { type ListedMessage, messagePage } from './graph-answers.js';
import type { GraphConnection } from './graph-connection.js';
import { FIRST_DELTA, mailDate, mailsSince } from './graph-paths.js';
import { isGone } from './graph-sources.js';
import { shortId } from './short-id.js';

/** A mail to be had, oldest first within its page. */
export interface WantedMail {
  readonly id: string;
  /** ms */
  readonly receivedAt: number;
}

export interface ListedPage {
  readonly wanted: readonly WantedMail[];
  /** Where reading goes on once the first so many of `wanted` are in. */
  readonly cursorAfter: (handled: readonly WantedMail[]) => GraphCursor;
}

/** Larger pages end in 504 now and then (user-list-messages.md); of ids alone a thousand is little. */
const PAGE = 1_000;
const PAGE_PREFERENCE = `odata.maxpagesize=${PAGE}`;

/** Runs through the whole Inbox once, by ids only, to where its changes can be followed from. */
export async function firstDeltaLink(connection: GraphConnection): Promise<string> {
  for (let link = FIRST_DELTA; ;) {
    const { nextLink, deltaLink } = messagePage(await connection.json(link, [PAGE_PREFERENCE]));
    if (deltaLink !== null) return deltaLink;
    link = mustLead(nextLink);
  }
}

/**
 * Past mail from `begin.from` on, oldest first. Page by page of its own: the next one asks for what was received at or
 * after the last second seen, and leaves out what it has had of that second. Microsoft's own next links count items,
 * so they would skip one for every mail that the user deletes meanwhile.
 */
export async function* pastMails(
  connection: GraphConnection,
  begin: GraphCursor,
  since: Date,
): AsyncGenerator<ListedPage & { readonly remaining: number }> {
  let from = new Date(begin.from ?? since);
  let done = new Set(begin.done ?? []);
  for (;;) {
    const { items, remaining, isLast } = await secondsFrom(connection, from);
    const wanted = items.filter(({ id, receivedAt }) => receivedAt >= since.getTime() && !done.has(shortId(id)));
    const before = { from, done };
    yield {
      wanted,
      remaining: remaining - (items.length - wanted.length),
      cursorAfter: (handled) => pastCursor(begin.link, before, handled),
    };
    if (isLast) return;
    ({ from, done } = placeAfter({ from, done }, items));
  }
}

interface Place {
  readonly from: Date;
  /** Short ids of mails received in the very second of `from` that were dealt with. */
  readonly done: Set<string>;
}

function placeAfter(before: Place, handled: readonly WantedMail[]): Place {
  const last = handled.at(-1);
  if (!last) return before;
  const sameSecond = handled.filter(({ receivedAt }) => receivedAt === last.receivedAt).map(({ id }) => shortId(id));
  const earlier = before.from.getTime() === last.receivedAt ? before.done : [];
  return { from: new Date(last.receivedAt), done: new Set([...earlier, ...sameSecond]) };
}

function pastCursor(link: string, before: Place, handled: readonly WantedMail[]): GraphCursor {
  const { from, done } = placeAfter(before, handled);
  return { protocol: 'graph', link, from: from.toISOString(), done: [...done] };
}

/** A page of mails; where all of it was received in one second, as many pages as that second has mails. */
async function secondsFrom(
  connection: GraphConnection,
  from: Date,
): Promise<{ items: WantedMail[]; remaining: number; isLast: boolean }> {
  const items: WantedMail[] = [];
  let remaining = 0;
  for (let link: string | null = mailsSince(from, PAGE); link !== null;) {
    const page = messagePage(await connection.json(link));
    remaining = Math.max(remaining, page.count ?? 0);
    items.push(...page.items.flatMap(({ id, receivedAt }) => (receivedAt === null ? [] : [{ id, receivedAt }])));
    if (page.nextLink !== null && items[0]?.receivedAt !== items.at(-1)?.receivedAt)
      return { items, remaining, isLast: false };
    link = page.nextLink;
  }
  return { items, remaining, isLast: true };
}

/**
 * What has come into the Inbox since the link was made, page by page. Replays, flags and departures come too
 * (delta-query-overview.md); a mail is told once, and what has left is nobody's loss here (R38).
 */
export async function* changedMails(
  connection: GraphConnection,
  begin: string,
  doneOfFirstPage: readonly string[],
  since: Date,
): AsyncGenerator<ListedPage & { readonly nextLink: string; readonly isLast: boolean }> {
  const told = new Set(doneOfFirstPage);
  for (let link = begin, done = doneOfFirstPage; ; done = []) {
    const { items, nextLink, deltaLink } = messagePage(await connection.json(link, [PAGE_PREFERENCE]));
    const wanted: WantedMail[] = [];
    for (const item of items) {
      const receivedAt = item.removed || told.has(shortId(item.id)) ? null : await dateOf(connection, item);
      if (receivedAt === null || receivedAt < since.getTime()) continue;
      told.add(shortId(item.id));
      wanted.push({ id: item.id, receivedAt });
    }
    wanted.sort((a, b) => a.receivedAt - b.receivedAt);
    const [here, before] = [link, done];
    link = mustLead(deltaLink ?? nextLink);
    yield {
      wanted,
      nextLink: link,
      isLast: deltaLink !== null,
      cursorAfter: (handled) => ({
        protocol: 'graph',
        ...(handled.length === wanted.length
          ? { link }
          : { link: here, done: [...before, ...handled.map(({ id }) => shortId(id))] }),
      }),
    };
    if (deltaLink !== null) return;
  }
}

/** An update may leave out what did not change; then the mail itself is asked. null: it is gone. */
async function dateOf(connection: GraphConnection, { id, receivedAt }: ListedMessage): Promise<number | null> {
  if (receivedAt !== null) return receivedAt;
  try {
    return messagePage({ value: [await connection.json(mailDate(id))] }).items[0]?.receivedAt ?? null;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** A round ends with a delta link; one that leads nowhere cannot be followed from. */
function mustLead(link: string | null): string {
  if (link === null) throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
  return link;
}
