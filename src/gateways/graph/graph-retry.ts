import type { GatewayFailure } from '../gateway.errors.js';

/** How patient a request is. */
export interface Patience {
  /** Tries in all. */
  readonly tries: number;
  /** The longest wait within a pass (ms); a longer one ends it, and the mailbox comes again later. */
  readonly longestWaitMs: number;
  /** Before the second try (ms); it doubles with every further one. */
  readonly firstPauseMs: number;
}

export const READING_PATIENCE: Patience = { tries: 6, longestWaitMs: 30_000, firstPauseMs: 200 };

const LONGEST_PAUSE_MS = 5_000;

/**
 * How long to wait before asking again; null: not again (pure). Only for requests that change nothing: what a POST has
 * done nobody knows.
 * @param attempt how many times it has been tried by now
 */
export function waitBeforeRetry(failure: GatewayFailure, attempt: number, patience: Patience): number | null {
  if (attempt >= patience.tries) return null;
  if (failure.kind === 'RateLimited')
    return failure.retryAfterMs <= patience.longestWaitMs ? failure.retryAfterMs : null;
  if (failure.kind !== 'Unavailable' || failure.detail === 'aborted') return null;
  return Math.min(LONGEST_PAUSE_MS, patience.firstPauseMs * 2 ** (attempt - 1));
}

/** Of one mail among many: should it be its own fault, it shall not hold up the others for long. */
export const forOneMail = (patience: Patience): Patience => ({ ...patience, tries: Math.min(patience.tries, 4) });
