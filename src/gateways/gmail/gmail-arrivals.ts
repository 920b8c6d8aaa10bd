import type { GmailInbox, HistoryPage } from './gmail-inbox.js';

/** A mail that has come into the INBOX. */
export interface Arrival {
  readonly id: string;
  /** Who has this mail and all before it has read the history up to here; undefined: up to where it was before. */
  readonly readUpTo: string | undefined;
}

/**
 * What has come into the INBOX behind a point of the history, each mail once, and where the history stood then. Later
 * pages may be made later: the first page's stand is the one that all pages together certainly cover.
 */
export async function arrivalsSince(
  inbox: GmailInbox,
  startHistoryId: string,
): Promise<{ readonly arrivals: readonly Arrival[]; readonly historyId: string }> {
  const first = await inbox.history(startHistoryId);
  const changes = [...first.arrivals];
  for (let pageToken = first.nextPageToken; pageToken !== null;) {
    const page: HistoryPage = await inbox.history(startHistoryId, pageToken);
    changes.push(...page.arrivals);
    pageToken = page.nextPageToken;
  }
  const seen = new Set<string>();
  const fresh = changes.filter(({ id }) => !seen.has(id) && seen.add(id));
  const arrivals = fresh.map(({ id }, index) => ({ id, readUpTo: completeBefore(fresh, index) }));
  return { arrivals, historyId: first.historyId };
}

/** The last change of which nothing is left behind this mail: its own, unless another mail shares it. */
function completeBefore(changes: HistoryPage['arrivals'], index: number): string | undefined {
  for (let at = index; at >= 0; at--) {
    if (changes[at]?.historyId !== changes[at + 1]?.historyId) return changes[at]?.historyId;
  }
  return undefined;
}
