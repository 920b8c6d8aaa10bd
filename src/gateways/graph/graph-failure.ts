import type { GatewayFailure } from '../gateway.errors.js';

/** What is left of an error of Microsoft Graph once texts, headers and tokens are taken off. */
export interface GraphProblem {
  /** HTTP status; 0: there was no answer, or none that could be read to its end. */
  readonly status: number;
  /** `error.code` of the answer, or the name of the local error (`TypeError`, `TimeoutError`, `SyntaxError`). */
  readonly code: string | null;
  /** From Retry-After; null: the answer has none. */
  readonly retryAfterMs: number | null;
}

/** The right that `PermissionMissing` names where Exchange refuses a From of another mailbox (R43). */
export const SEND_AS = 'send_as';

/** A 429 without Retry-After. */
const PATIENCE_MS = 10_000;

/**
 * What a Graph error means (learn.microsoft.com/graph/errors, throttling.md, delta-query-overview.md). Codes are compared
 * without case: the documentation and the service spell some differently.
 */
export function graphFailure({ status, code, retryAfterMs }: GraphProblem): GatewayFailure {
  const named = BY_CODE.get(code?.toLowerCase() ?? '');
  if (named) return named;
  switch (status) {
    case 401:
      return { kind: 'AuthorizationLost', detail: 'token_refused' };
    case 403:
      return { kind: 'PermissionMissing', permission: 'Mail.Read' };
    case 408:
      return { kind: 'Unavailable', detail: 'timeout' };
    case 410:
      return { kind: 'CursorInvalid', reason: 'sync_state_gone' };
    case 413:
      return { kind: 'Rejected', code: 'message_too_large' };
    case 429:
      return { kind: 'RateLimited', retryAfterMs: retryAfterMs ?? PATIENCE_MS };
    default:
      return byClass(status, code, retryAfterMs);
  }
}

/**
 * The same of a request that changes something. A 429 was turned away before it was carried out (throttling.md); of a 503
 * nobody knows that, so that it may not pass for one, whatever it says about when to come again.
 */
export function postFailure(problem: GraphProblem): GatewayFailure {
  return graphFailure(problem.status >= 500 ? { ...problem, retryAfterMs: null } : problem);
}

function byClass(status: number, code: string | null, retryAfterMs: number | null): GatewayFailure {
  if (status === 0) return { kind: 'Unavailable', detail: LOCAL.get(code ?? '') ?? 'connection_lost' };
  if (status === 503 && retryAfterMs !== null) return { kind: 'RateLimited', retryAfterMs };
  if (status >= 500) return { kind: 'Unavailable', detail: 'server_error' };
  return status >= 400
    ? { kind: 'Rejected', code: code ?? `http_${status}` }
    : { kind: 'Unknown', detail: `http_${status}` };
}

/** What the names of local errors mean: the deadline passed, or the answer is no JSON. */
const LOCAL: ReadonlyMap<string, string> = new Map([
  ['TimeoutError', 'timeout'],
  ['SyntaxError', 'protocol_error'],
]);

const gone = (reason: string): GatewayFailure => ({ kind: 'CursorInvalid', reason });
const unsupported = (detail: string): GatewayFailure => ({ kind: 'MailboxNotSupported', detail });

/** What the code says, whatever the status: Outlook answers a lost sync state with 400, 404 or 410. */
const BY_CODE: ReadonlyMap<string, GatewayFailure> = new Map<string, GatewayFailure>([
  ['syncstatenotfound', gone('sync_state_not_found')],
  ['syncstateinvalid', gone('sync_state_invalid')],
  ['resyncrequired', gone('resync_required')],
  ['mailboxnotenabledforrestapi', unsupported('mailbox_not_enabled')],
  ['mailboxnotsupportedforrestapi', unsupported('mailbox_not_supported')],
  ['mailboxnotfound', unsupported('no_mailbox')],
  ['errornonexistentmailbox', unsupported('no_mailbox')],
  ['errorsendasdenied', { kind: 'PermissionMissing', permission: SEND_AS }],
  ['errormessagesizeexceeded', { kind: 'Rejected', code: 'message_too_large' }],
  ['authorization_requestdenied', { kind: 'PermissionMissing', permission: 'User.Read' }],
]);
