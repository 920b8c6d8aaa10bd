import { errorCode, networkFailure } from '../network-failure.js';
import { retryAfter } from '../retry-after.js';

/** What is left of an error of the Gmail API once texts, headers and tokens are taken off. */
export interface GmailProblem {
  /** HTTP status; 0: there was no answer. */
  readonly status: number;
  /** `errors[0].reason`, as userRateLimitExceeded. */
  readonly reason: string | null;
  /** `ErrorInfo.reason` of the answer's details, as SERVICE_DISABLED. */
  readonly detail: string | null;
  /** What Google asks to wait for (ms), from Retry-After or from its words; null: it does not say. */
  readonly retryAfterMs: number | null;
  /** Where there was no answer: why, as the detail of `Unavailable`. */
  readonly network: string | null;
}

interface ApiError {
  readonly errors?: readonly { readonly reason?: unknown }[];
  readonly details?: readonly { readonly reason?: unknown }[];
  readonly message?: unknown;
}

/**
 * Takes an error of the client library apart. The error itself must go no further: its `config` holds the access token,
 * and the answer may hold mail.
 */
export function gmailProblem(error: unknown, now: number): GmailProblem {
  const response = (error as { response?: { status?: unknown; headers?: unknown; data?: unknown } } | null)?.response;
  if (typeof response?.status !== 'number') {
    return { status: 0, reason: null, detail: null, retryAfterMs: null, network: networkDetail(error) };
  }
  const api = apiErrorOf(response.data);
  return {
    status: response.status,
    reason: textOf(api.errors?.[0]?.reason),
    detail: textOf(api.details?.find(({ reason }) => reason !== undefined)?.reason),
    retryAfterMs: retryAfterOf(response.headers, textOf(api.message) ?? '', now),
    network: null,
  };
}

/** fetch says what happened in `cause`; the library wraps that once more. */
function networkDetail(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at.name === 'TimeoutError') return 'timeout';
    if (at.name === 'AbortError') return 'aborted';
    const failure = networkFailure(at);
    if (failure?.kind === 'Unavailable') return failure.detail;
    if (/^UND_ERR_.*TIMEOUT$/.test(errorCode(at) ?? '')) return 'timeout';
  }
  return 'connection_lost';
}

function apiErrorOf(data: unknown): ApiError {
  const parsed: unknown = typeof data === 'string' ? parsedOrNull(data) : data;
  const inner = (parsed as { error?: unknown } | null | undefined)?.error;
  return typeof inner === 'object' && inner !== null ? inner : {};
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a page of some proxy: the status alone speaks
  }
}

/** Sending limits say it in words instead: "Retry after 2026-11-22T02:00:00.000Z". */
function retryAfterOf(headers: unknown, message: string, now: number): number | null {
  const header = headers instanceof Headers ? headers.get('retry-after') : null;
  return retryAfter(header ?? /Retry after (\S+Z)/.exec(message)?.[1] ?? null, now);
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
