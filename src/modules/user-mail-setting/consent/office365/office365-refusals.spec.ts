import { describe, expect, it } from 'vitest';
import { identityFault, returnedError } from '../../../../gateways/index.js';
import { arrivalRefusal, examinationRefusal, redemptionRefusal } from './office365-refusals.js';

const returned = (error: string, number?: number) => {
  const answer = returnedError({ error, ...(number !== undefined && { error_description: `AADSTS${number}: text` }) });
  if (answer === null) throw new Error('no error');
  return arrivalRefusal(answer.error, identityFault(answer)).code;
};

describe('coming back from Microsoft without a code', () => {
  it.each([
    ['access_denied', 65004, 'consent_denied'],
    ['access_denied', undefined, 'consent_denied'],
    ['access_denied', 90094, 'admin_consent_required'],
    ['consent_required', undefined, 'admin_consent_required'],
    ['consent_required', 65001, 'admin_consent_required'],
    ['interaction_required', 50076, 'consent_denied'],
    ['access_denied', 53003, 'access_policy_blocks'],
    ['invalid_grant', 50105, 'app_not_assigned'],
    ['access_denied', 50020, 'wrong_account'],
    ['unauthorized_client', 700016, 'provider_app_refused'],
    ['invalid_request', undefined, 'provider_app_refused'],
    ['server_error', undefined, 'provider_unavailable'],
    ['temporarily_unavailable', 90033, 'provider_unavailable'],
  ])('%s %s is %s', (error, number, code) => expect(returned(error, number)).toBe(code));
});

describe('a code that Microsoft does not take', () => {
  const redeemed = (error: string, number: number, status = 400) =>
    redemptionRefusal(identityFault({ status, error, suberror: null, numbers: [number], retryAfterMs: null })).code;
  it.each([
    ['invalid_grant', 54005, 'authorization_expired'],
    ['invalid_grant', 70008, 'authorization_expired'],
    ['invalid_grant', 50173, 'authorization_expired'],
    ['invalid_grant', 65001, 'consent_required'],
    ['invalid_grant', 53003, 'access_policy_blocks'],
    ['invalid_client', 7000215, 'provider_app_refused'],
    ['temporarily_unavailable', 90033, 'provider_unavailable'],
  ])('%s %i is %s', (error, number, code) => expect(redeemed(error, number)).toBe(code));
  it('is no fault of anybody where the endpoint is under load', () =>
    expect(redeemed('invalid_grant', 54005, 503)).toBe('provider_unavailable'));
});

describe('a new token that Graph does not like', () => {
  it('tells plans without a mailbox and missing permissions apart from a bad moment', () => {
    expect(examinationRefusal({ kind: 'MailboxNotSupported', detail: 'x' }).code).toBe('mailbox_not_supported');
    expect(examinationRefusal({ kind: 'PermissionMissing', permission: 'Mail.Read' })).toEqual({
      code: 'permission_missing',
      missingPermissions: ['Mail.Read'],
    });
    expect(examinationRefusal({ kind: 'RateLimited', retryAfterMs: 1 }).code).toBe('provider_unavailable');
  });
});
