/** Looks that may be missed before it counts as silence; a slow server and a restart cost a few. */
const MISSED_LOOKS = 10;
/** Waiting for a server that asks to be left alone is not silence, and backoffs are shorter than this. */
const AT_LEAST_MS = 60_000;

/** When a mailbox counts as silent that was last seen alive then. Pure. */
export function silenceBegins(aliveAt: Date, pollIntervalSeconds: number): Date {
  return new Date(aliveAt.getTime() + silenceAfterMs(pollIntervalSeconds));
}

/** How long a mailbox may show no sign of life. */
export function silenceAfterMs(pollIntervalSeconds: number): number {
  return Math.max(AT_LEAST_MS, MISSED_LOOKS * pollIntervalSeconds * 1_000);
}

/** Since when a mailbox has been silent that was last seen alive then; null: it is not. */
export function silentSince(aliveAt: Date, pollIntervalSeconds: number, now: Date): Date | null {
  return silenceBegins(aliveAt, pollIntervalSeconds) <= now ? aliveAt : null;
}
