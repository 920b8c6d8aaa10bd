import { describe, expect, it } from 'vitest';
import { type GatewayFailure, type GoogleFault } from '../../../../gateways/index.js';
import { type RejectionCatalogue } from '@libs/eventsourcing';
import { loginProblems } from '../../login-problems.errors.js';
import { arrivalRefusal, examinationRefusal, redemptionRefusal } from './google-refusals.js';
import { identityClaims } from './id-token.js';

describe('why a consent at Google comes to nothing', () => {
  it.each([
    ['access_denied', 'consent_denied'],
    ['admin_policy_enforced', 'google_client_blocked'],
    ['org_internal', 'google_client_blocked'],
    ['invalid_client', 'google_client_invalid'],
    ['unauthorized_client', 'google_client_invalid'],
    ['redirect_uri_mismatch', 'google_client_invalid'],
    ['deleted_client', 'google_client_deleted'],
    ['server_error', 'provider_unavailable'],
    ['something_new', 'provider_unavailable'],
  ])('the browser brings %s back', (error, code) => {
    expect(arrivalRefusal(error)).toEqual({ code });
  });

  it.each([
    [{ kind: 'grant', detail: 'invalid_grant' }, 'authorization_expired'],
    [{ kind: 'session_policy' }, 'authorization_expired'],
    [{ kind: 'app', code: 'google_client_invalid' }, 'google_client_invalid'],
    [{ kind: 'app', code: 'google_client_deleted' }, 'google_client_deleted'],
    [{ kind: 'wait', retryAfterMs: 1 }, 'provider_unavailable'],
    [{ kind: 'transient', detail: 'http_500' }, 'provider_unavailable'],
  ] as const satisfies readonly (readonly [GoogleFault, string])[])('the code is refused: %o', (fault, code) => {
    expect(redemptionRefusal(fault)).toEqual({ code });
  });

  it.each([
    [{ kind: 'MailboxNotSupported', detail: 'gmail_not_enabled' }, 'gmail_not_enabled'],
    [{ kind: 'PermissionMissing', permission: 'gmail' }, 'permission_missing'],
    [{ kind: 'Rejected', code: 'gmail_api_disabled' }, 'gmail_api_disabled'],
    [{ kind: 'Rejected', code: 'gmail_disabled_by_domain' }, 'gmail_disabled_by_domain'],
    [{ kind: 'Rejected', code: 'message_too_large' }, 'provider_unavailable'],
    [{ kind: 'AuthorizationLost', detail: '' }, 'provider_unavailable'],
    [{ kind: 'RateLimited', retryAfterMs: 1 }, 'provider_unavailable'],
    [{ kind: 'Unavailable', detail: 'timeout' }, 'provider_unavailable'],
    [{ kind: 'Unknown', detail: '' }, 'provider_unavailable'],
  ] as const satisfies readonly (readonly [GatewayFailure, string])[])(
    'the mailbox cannot be looked at: %o',
    (failure, code) => {
      expect(examinationRefusal(failure)).toMatchObject({ code });
    },
  );

  it('is told in words that know Google', () => {
    const texts: RejectionCatalogue = loginProblems;
    for (const [code, { detail }] of Object.entries(texts).filter(([name]) => name.startsWith('google'))) {
      expect(detail({}).ja, code).toMatch(/Google/);
      expect(detail({}).ja, code).not.toMatch(/Microsoft/);
    }
  });
});

describe('the claims of an id token', () => {
  const token = (claims: object): string =>
    ['{"alg":"RS256"}', JSON.stringify(claims), 'sig'].map((part) => Buffer.from(part).toString('base64url')).join('.');

  it('are those of a token for this client, and none otherwise', () => {
    expect(identityClaims(token({ aud: 'us', sub: '1' }), 'us')).toMatchObject({ sub: '1' });
    expect(identityClaims(token({ aud: 'others', sub: '1' }), 'us')).toEqual({});
    expect(identityClaims('not a token', 'us')).toEqual({});
    expect(identityClaims(null, 'us')).toEqual({});
  });
});
