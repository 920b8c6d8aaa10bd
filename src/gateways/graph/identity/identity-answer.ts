import { retryAfter } from '../../retry-after.js';
import type { IdentityAnswer } from './identity-fault.js';

/**
 * The deciding parts of an error body of the token endpoint. `error_description` is not kept: it repeats addresses, and
 * with some numbers the request itself.
 */
export function identityAnswer(status: number, body: unknown, retryAfterHeader: string | null): IdentityAnswer {
  const {
    error,
    suberror,
    error_codes: codes,
  } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return {
    status,
    error: typeof error === 'string' ? error : null,
    suberror: typeof suberror === 'string' ? suberror : null,
    numbers: Array.isArray(codes) ? codes.filter((code) => typeof code === 'number') : [],
    retryAfterMs: retryAfter(retryAfterHeader),
  };
}

/** The same for what the browser brings back from the authorize endpoint; null: it brings no error. */
export function returnedError(query: {
  readonly error?: unknown;
  readonly error_description?: unknown;
}): IdentityAnswer | null {
  const { error, error_description: description } = query;
  if (typeof error !== 'string') return null;
  const number = typeof description === 'string' ? /AADSTS(\d+)/.exec(description)?.[1] : undefined;
  return {
    status: 400,
    error,
    suberror: null,
    numbers: number === undefined ? [] : [Number(number)],
    retryAfterMs: null,
  };
}
