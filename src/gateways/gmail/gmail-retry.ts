import type { GatewayFailure } from '../gateway.errors.js';

const TRIES = 4;
const FIRST_PAUSE_MS = 250;
/** "Use exponential backoff, starting with one second" (guides/handle-errors). */
const FIRST_BACKOFF_MS = 1_000;
/** What Google asks to wait for is waited for within a pass up to here; longer, and the mailbox comes again later. */
const LONGEST_WAIT_MS = 10_000;

/**
 * How long to wait before asking again; null: not again (pure). For reading only: what a POST has done nobody knows.
 * @param attempt how many times it has been tried by now
 * @param askedFor what Google said to wait for (ms); null: it did not say
 */
export function waitBeforeRetry(failure: GatewayFailure, attempt: number, askedFor: number | null): number | null {
  if (attempt >= TRIES) return null;
  if (failure.kind === 'RateLimited' && failure.paced !== true) {
    return waitWhenLimited(failure.retryAfterMs, attempt, askedFor);
  }
  const mayPass = failure.kind === 'Unavailable' && failure.detail !== 'aborted';
  return mayPass ? FIRST_PAUSE_MS * 2 ** (attempt - 1) : null;
}

function waitWhenLimited(retryAfterMs: number, attempt: number, askedFor: number | null): number | null {
  if (askedFor !== null) return askedFor <= LONGEST_WAIT_MS ? askedFor : null;
  const isOfAMinute = retryAfterMs <= 60_000;
  return isOfAMinute ? FIRST_BACKOFF_MS * 2 ** (attempt - 1) : null;
}
