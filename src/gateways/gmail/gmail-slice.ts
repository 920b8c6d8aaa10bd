import { type GmailInbox, type ListedPage } from './gmail-inbox.js';

/** A stretch of time whose mails fit on one page. */
export interface Slice {
  /** Seconds since 1970, the first that belongs to it. */
  readonly from: number;
  /** The first that does not; null: everything from `from` on belongs to it. */
  readonly to: number | null;
  /** In the order of the ids, which never changes, whatever Gmail's lists are ordered by. */
  readonly ids: readonly string[];
}

/**
 * The stretch that begins with `from`, as long as one page holds it. In slices an import of any size needs one page of
 * ids in memory, and goes on after a break without listing anew what is in.
 * @param limits where it begins, and where it ends at the latest
 */
export async function sliceFrom(
  inbox: GmailInbox,
  limits: { readonly from: number; readonly to: number | null },
  now: number,
): Promise<Slice> {
  const { from } = limits;
  for (let end = limits.to; ;) {
    const bounds = boundsOf(from, end);
    const page = await inbox.list(bounds);
    const length = (end ?? Math.max(now, from)) - from;
    if (page.nextPageToken === null) return { from, to: end, ids: inOrder(page.ids) };
    if (length <= 1) return { from, to: end, ids: inOrder(await withRest(inbox, bounds, page)) };
    end = from + Math.ceil(length / 2);
  }
}

/** Whether the seconds named in a query are part of it Gmail does not say: one more on both sides, and none is missed. */
function boundsOf(from: number, end: number | null) {
  return end === null ? { after: from - 1 } : { after: from - 1, before: end + 1 };
}

/** More than a page within a second: then all of them. */
async function withRest(
  inbox: GmailInbox,
  bounds: { readonly after: number; readonly before?: number },
  first: ListedPage,
): Promise<string[]> {
  const ids = [...first.ids];
  for (let pageToken = first.nextPageToken; pageToken !== null;) {
    const page: ListedPage = await inbox.list({ ...bounds, pageToken });
    ids.push(...page.ids);
    pageToken = page.nextPageToken;
  }
  return ids;
}

/** Ids are hexadecimal numbers that grow as mail comes in. */
export function isBehind(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length;
}

const inOrder = (ids: readonly string[]): string[] => [...new Set(ids)].sort((a, b) => (isBehind(a, b) ? 1 : -1));
