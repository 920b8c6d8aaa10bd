import { describe, expect, it } from 'vitest';
import { googleFault, refreshFailure } from './google-fault.js';

const answer = (status: number, error: string | null, more: { subtype?: string; retryAfterMs?: number } = {}) => ({
  status,
  error,
  subtype: more.subtype ?? null,
  retryAfterMs: more.retryAfterMs ?? null,
});
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const dead = { kind: 'grant', detail: 'invalid_grant' } as const;

describe("what an answer of Google's token endpoint means", () => {
  it.each([
    ['a dead grant', answer(400, 'invalid_grant'), dead],
    ['a session policy', answer(400, 'invalid_grant', { subtype: 'invalid_rapt' }), { kind: 'session_policy' }],
    ['a wrong secret', answer(401, 'invalid_client'), { kind: 'app', code: 'google_client_invalid' }],
    ['a client without this grant', answer(401, 'unauthorized_client'), { kind: 'app', code: 'google_client_invalid' }],
    [
      'an unregistered redirect URI',
      answer(400, 'redirect_uri_mismatch'),
      { kind: 'app', code: 'google_client_invalid' },
    ],
    ['a deleted client', answer(401, 'deleted_client'), { kind: 'app', code: 'google_client_deleted' }],
    ['a client that was switched off', answer(401, 'disabled_client'), { kind: 'app', code: 'google_client_deleted' }],
    ['a client of another organisation', answer(403, 'org_internal'), { kind: 'app', code: 'google_client_blocked' }],
    [
      'an administrator who bars it',
      answer(400, 'admin_policy_enforced'),
      { kind: 'app', code: 'google_client_blocked' },
    ],
    ['too many requests', answer(429, 'rate_limit_exceeded'), { kind: 'wait', retryAfterMs: 60_000 }],
    ['too many, and until when', answer(429, null, { retryAfterMs: 5_000 }), { kind: 'wait', retryAfterMs: 5_000 }],
    [
      'a fault of Google that looks like a dead grant',
      answer(503, 'invalid_grant'),
      { kind: 'transient', detail: 'http_503' },
    ],
    ['a fault of Google', answer(500, 'internal_failure'), { kind: 'transient', detail: 'http_500' }],
    ['a timeout', answer(408, null), { kind: 'transient', detail: 'http_408' }],
    ['something unknown', answer(400, 'invalid_request'), { kind: 'transient', detail: 'invalid_request' }],
    ['no JSON at all', answer(403, null), { kind: 'transient', detail: 'http_403' }],
  ])('%s', (_, given, fault) => {
    expect(googleFault(given)).toEqual(fault);
  });
});

describe('why a stored grant has died', () => {
  it.each([
    ['changed or revoked, on any day', { sinceConsent: 3 * DAY, sinceUse: HOUR }, 'google_grant_ended'],
    ['just before seven days', { sinceConsent: 7 * DAY - 1, sinceUse: HOUR }, 'google_grant_ended'],
    [
      'at seven days, the life of a grant in Testing mode',
      { sinceConsent: 7 * DAY, sinceUse: HOUR },
      'google_testing_ended',
    ],
    ['noticed hours later', { sinceConsent: 7 * DAY + 20 * HOUR, sinceUse: 20 * HOUR }, 'google_testing_ended'],
    ['at eight days', { sinceConsent: 8 * DAY, sinceUse: HOUR }, 'google_grant_ended'],
    ['not used for half a year', { sinceConsent: 400 * DAY, sinceUse: 181 * DAY }, 'google_grant_unused'],
    ['of unknown age', { sinceConsent: null, sinceUse: HOUR }, 'google_grant_ended'],
  ])('%s', (_, age, remedy) => {
    expect(refreshFailure(dead, age)).toEqual({ kind: 'AuthorizationLost', detail: 'invalid_grant', remedy });
  });

  it.each([
    [{ kind: 'session_policy' }, { kind: 'AuthorizationLost', detail: 'invalid_rapt', remedy: 'google_session_ended' }],
    [
      { kind: 'app', code: 'google_client_deleted' },
      { kind: 'Rejected', code: 'google_client_deleted' },
    ],
    [
      { kind: 'wait', retryAfterMs: 7 },
      { kind: 'RateLimited', retryAfterMs: 7 },
    ],
    [
      { kind: 'transient', detail: 'http_500' },
      { kind: 'Unavailable', detail: 'token_endpoint' },
    ],
  ] as const)('is not asked where the grant is not at fault: %o', (fault, failure) => {
    expect(refreshFailure(fault, { sinceConsent: null, sinceUse: 0 })).toEqual(failure);
  });
});
