import { describe, expect, it } from 'vitest';
import { gmailFailure } from './gmail-failure.js';
import { gmailProblem } from './gmail-problem.js';
import { waitBeforeRetry } from './gmail-retry.js';

const NOW = Date.parse('2026-11-22T01:00:00Z');
const limited = (retryAfterMs: number) => ({ kind: 'RateLimited', retryAfterMs });
const MINUTE = 60_000;

/** An error as the client library throws it, with the token that it carries. */
function answered(status: number, body: unknown, headers: Record<string, string> = {}): unknown {
  return {
    message: 'ya29.secret',
    config: { headers: { authorization: 'Bearer ya29.secret' } },
    response: { status, headers: new Headers(headers), data: body },
  };
}

const said = (status: number, reason: string, more: { message?: string; detail?: string } = {}) => ({
  error: {
    code: status,
    message: more.message ?? 'words',
    errors: [{ reason, domain: 'usageLimits' }],
    ...(more.detail && { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: more.detail }] }),
  },
});

const failureOf = (error: unknown) => gmailFailure(gmailProblem(error, NOW));

describe('what an error of the Gmail API means', () => {
  it.each([
    [
      'a token that is refused',
      401,
      said(401, 'authError'),
      { kind: 'AuthorizationLost', detail: 'access_token_refused' },
    ],
    ['the minute of the user', 403, said(403, 'userRateLimitExceeded'), limited(MINUTE)],
    ['the minute of the project', 403, said(403, 'rateLimitExceeded'), limited(MINUTE)],
    ['the minute, in the newer form', 403, said(403, 'forbidden', { detail: 'RATE_LIMIT_EXCEEDED' }), limited(MINUTE)],
    ['the quota, in the oldest form', 403, said(403, 'quotaExceeded'), limited(MINUTE)],
    ['the day', 403, said(403, 'dailyLimitExceeded'), limited(60 * MINUTE)],
    [
      'too many at once',
      429,
      said(429, 'rateLimitExceeded', { message: 'Too many concurrent requests for user.' }),
      limited(MINUTE),
    ],
    [
      'a limit with an instant in words',
      429,
      said(429, 'rateLimitExceeded', { message: 'User-rate limit exceeded.  Retry after 2026-11-22T01:30:00.000Z' }),
      limited(30 * MINUTE),
    ],
    ['a 429 without a body', 429, '', limited(MINUTE)],
    [
      'a permission that was not ticked',
      403,
      said(403, 'insufficientPermissions'),
      { kind: 'PermissionMissing', permission: 'gmail' },
    ],
    [
      'the same, in the newer form',
      403,
      said(403, 'forbidden', { detail: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }),
      { kind: 'PermissionMissing', permission: 'gmail' },
    ],
    [
      'an administrator who switched Gmail off',
      403,
      said(403, 'domainPolicy'),
      { kind: 'Rejected', code: 'gmail_disabled_by_domain' },
    ],
    [
      'an API that is not enabled',
      403,
      said(403, 'accessNotConfigured'),
      { kind: 'Rejected', code: 'gmail_api_disabled' },
    ],
    [
      'an API that is not enabled, in the newer form',
      403,
      said(403, 'forbidden', { detail: 'SERVICE_DISABLED' }),
      { kind: 'Rejected', code: 'gmail_api_disabled' },
    ],
    ['an unknown refusal', 403, said(403, 'somethingNew'), { kind: 'Unknown', detail: 'status_403' }],
    ['a proxy that refuses', 403, '<html>no</html>', { kind: 'Unknown', detail: 'status_403' }],
    [
      'a person without Gmail',
      400,
      said(400, 'failedPrecondition'),
      { kind: 'MailboxNotSupported', detail: 'gmail_not_enabled' },
    ],
    ['a request that was wrong', 400, said(400, 'invalidArgument'), { kind: 'Unknown', detail: 'status_400' }],
    ['something that is not there', 404, said(404, 'notFound'), { kind: 'Unknown', detail: 'not_found' }],
    ['a request that took too long', 408, '', { kind: 'Unavailable', detail: 'timeout' }],
    ['a mail that is too large', 413, '', { kind: 'Rejected', code: 'message_too_large' }],
    ['a fault of Google', 500, said(500, 'backendError'), { kind: 'Unavailable', detail: 'server_error' }],
    ['a gateway of Google', 502, '<html>', { kind: 'Unavailable', detail: 'server_error' }],
    ['a service that is away', 503, said(503, 'backendError'), { kind: 'Unavailable', detail: 'server_error' }],
    ['a status nobody knows', 418, null, { kind: 'Unknown', detail: 'status_418' }],
  ])('%s', (_, status, body, failure) => {
    expect(failureOf(answered(status, body))).toEqual(failure);
  });

  it.each([
    ['seconds', '7', 7_000],
    ['a date', 'Sun, 22 Nov 2026 01:02:00 GMT', 2 * MINUTE],
    ['a date that has passed', 'Sun, 22 Nov 2026 00:00:00 GMT', 0],
    ['more seconds than anybody waits', '999999999', 24 * 60 * MINUTE],
    ['more digits than a number has', '9'.repeat(400), 24 * 60 * MINUTE],
    ['nonsense', 'soon', MINUTE],
  ])('takes Retry-After in %s', (_, header, retryAfterMs) => {
    expect(failureOf(answered(429, '', { 'retry-after': header }))).toEqual(limited(retryAfterMs));
  });

  it.each([
    ['refused', causedBy(Object.assign(new Error(''), { code: 'ECONNREFUSED' })), 'connection_refused'],
    ['reset', causedBy(Object.assign(new Error(''), { code: 'ECONNRESET' })), 'connection_lost'],
    ['ended by the other side', causedBy(Object.assign(new Error(''), { code: 'UND_ERR_SOCKET' })), 'connection_lost'],
    ['to an unknown name', causedBy(Object.assign(new Error(''), { code: 'ENOTFOUND' })), 'unknown_host'],
    ['silent', causedBy(Object.assign(new Error(''), { code: 'UND_ERR_HEADERS_TIMEOUT' })), 'timeout'],
    ['out of our own time', causedBy(new DOMException('', 'TimeoutError')), 'timeout'],
    ['ended by ourselves', causedBy(new DOMException('', 'AbortError')), 'aborted'],
    [
      'untrusted',
      causedBy(Object.assign(new Error(''), { code: 'SELF_SIGNED_CERT_IN_CHAIN' })),
      'certificate_untrusted',
    ],
    ['of no known kind', new Error('?'), 'connection_lost'],
  ])('a connection %s', (_, error, detail) => {
    expect(failureOf(error)).toEqual({ kind: 'Unavailable', detail });
  });

  it('lets nothing of the error itself through', () => {
    expect(JSON.stringify(failureOf(answered(401, said(401, 'authError'))))).not.toContain('ya29');
  });
});

/** As the library around fetch tells of a network error. */
function causedBy(cause: Error): Error {
  return new Error('fetch failed', { cause: new TypeError('fetch failed', { cause }) });
}

describe('trying again', () => {
  it.each([
    ['a fault of Google', { kind: 'Unavailable', detail: 'server_error' }, null, [250, 500, 1_000, null]],
    ['a minute that is used up', limited(MINUTE), null, [1_000, 2_000, 4_000, null]],
    ['a short wait that Google asks for', limited(7_000), 7_000, [7_000, 7_000, 7_000, null]],
    ['a long wait that Google asks for', limited(30 * MINUTE), 30 * MINUTE, [null]],
    ['a day that is used up', limited(60 * MINUTE), null, [null]],
    ['our own pace', { ...limited(100), paced: true }, null, [null]],
    ['an end by ourselves', { kind: 'Unavailable', detail: 'aborted' }, null, [null]],
    ['a lost grant', { kind: 'AuthorizationLost', detail: '' }, null, [null]],
  ] as const)('%s', (_, failure, askedFor, waits) => {
    expect(waits.map((_wait, index) => waitBeforeRetry(failure as never, index + 1, askedFor))).toEqual(waits);
  });
});
