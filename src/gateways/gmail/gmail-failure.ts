import type { GatewayFailure } from '../gateway.errors.js';
import type { GmailProblem } from './gmail-problem.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Quotas of a minute; Google gives no Retry-After for them (guides/handle-errors). */
const DEFAULT_RETRY_MS = MINUTE;
/** A day's quota begins anew at midnight Pacific time; asking every hour costs nothing. */
const DAILY_RETRY_MS = 60 * MINUTE;

/** What a 403 or 400 means, by `errors[0].reason` or by the newer `ErrorInfo.reason`. */
const REASONS: Readonly<Record<string, (problem: GmailProblem) => GatewayFailure>> = {
  rateLimitExceeded: rateLimited,
  userRateLimitExceeded: rateLimited,
  quotaExceeded: rateLimited,
  RATE_LIMIT_EXCEEDED: rateLimited,
  dailyLimitExceeded: () => ({ kind: 'RateLimited', retryAfterMs: DAILY_RETRY_MS }),
  insufficientPermissions: () => ({ kind: 'PermissionMissing', permission: 'gmail' }),
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: () => ({ kind: 'PermissionMissing', permission: 'gmail' }),
  domainPolicy: () => ({ kind: 'Rejected', code: 'gmail_disabled_by_domain' }),
  accessNotConfigured: () => ({ kind: 'Rejected', code: 'gmail_api_disabled' }),
  SERVICE_DISABLED: () => ({ kind: 'Rejected', code: 'gmail_api_disabled' }),
  failedPrecondition: () => ({ kind: 'MailboxNotSupported', detail: 'gmail_not_enabled' }),
};

/**
 * Reduces a problem of the Gmail API to the closed set. Pure; a table in the specification.
 * A 404 is `Unknown(not_found)`: what is missing, and what that means, only the caller knows.
 */
export function gmailFailure(problem: GmailProblem): GatewayFailure {
  const { status, reason, detail, network } = problem;
  if (status === 0) return { kind: 'Unavailable', detail: network ?? 'connection_lost' };
  const known = REASONS[detail ?? ''] ?? REASONS[reason ?? ''];
  if ((status === 403 || status === 400) && known) return known(problem);
  return BY_STATUS[status]?.(problem) ?? byClass(status);
}

const BY_STATUS: Readonly<Record<number, (problem: GmailProblem) => GatewayFailure>> = {
  401: () => ({ kind: 'AuthorizationLost', detail: 'access_token_refused' }),
  404: () => ({ kind: 'Unknown', detail: 'not_found' }),
  408: () => ({ kind: 'Unavailable', detail: 'timeout' }),
  413: () => ({ kind: 'Rejected', code: 'message_too_large' }),
  429: rateLimited,
};

function byClass(status: number): GatewayFailure {
  if (status >= 500) return { kind: 'Unavailable', detail: 'server_error' };
  return { kind: 'Unknown', detail: `status_${status}` };
}

function rateLimited({ retryAfterMs }: GmailProblem): GatewayFailure {
  return { kind: 'RateLimited', retryAfterMs: retryAfterMs ?? DEFAULT_RETRY_MS };
}
