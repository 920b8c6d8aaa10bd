import { describe, expect, it } from 'vitest';
import { APP_REFUSED, type LoginRemedy } from '../../gateway.errors.js';
import { type IdentityAnswer, identityFault, refreshFailure } from './identity-fault.js';

const answer = (over: Partial<IdentityAnswer>): IdentityAnswer => ({
  status: 400,
  error: 'invalid_grant',
  suberror: null,
  numbers: [],
  retryAfterMs: null,
  ...over,
});
const refused = (number: number, error = 'invalid_grant') => answer({ numbers: [number], error });

/** Every row of Microsoft's table of refusals that this service tells apart (reference-error-codes.md). */
const remedies: readonly (readonly [number, string, LoginRemedy])[] = [
  [700082, 'refresh token expired by disuse', 'login_required'],
  [50173, 'tokens revoked, or the password reset', 'login_required'],
  [50076, 'second factor needed', 'login_required'],
  [50078, 'second factor expired', 'login_required'],
  [50079, 'second factor to be enrolled', 'login_required'],
  [50074, 'strong authentication needed', 'login_required'],
  [50072, 'enrolment for a second factor needed', 'login_required'],
  [70043, 'sign-in frequency', 'login_policy_recurs'],
  [65001, 'consent missing', 'consent_required'],
  [65004, 'consent declined', 'consent_required'],
  [90094, 'administrator has to consent', 'admin_consent_required'],
  [53003, 'conditional access', 'access_policy_blocks'],
  [53000, 'device not compliant', 'access_policy_blocks'],
  [530035, 'security defaults', 'access_policy_blocks'],
  [50131, 'conditional access, at a device', 'access_policy_blocks'],
  [50005, 'device platform not supported', 'access_policy_blocks'],
  [50158, 'external challenge not met', 'access_policy_blocks'],
  [50057, 'user disabled', 'account_disabled'],
  [50055, 'password expired', 'account_password_expired'],
  [50144, 'password of the organisation expired', 'account_password_expired'],
  [50105, 'user not assigned to the app', 'app_not_assigned'],
  [50020, 'user of another tenant', 'wrong_account'],
  [50034, 'user not found', 'wrong_account'],
  [16000, 'several accounts signed in', 'wrong_account'],
];

describe('a refusal that somebody can mend', () => {
  it.each(remedies)('AADSTS%i (%s) is %s', (number, _meaning, remedy) => {
    const fault = identityFault(refused(number));
    expect(fault).toEqual({ kind: 'remedy', remedy, detail: `AADSTS${number}` });
    expect(refreshFailure(fault)).toEqual({ kind: 'AuthorizationLost', detail: `AADSTS${number}`, remedy });
  });

  it.each([
    ['consent_required', null, 'consent_required'],
    ['invalid_grant', 'consent_required', 'consent_required'],
    ['invalid_grant', 'user_password_expired', 'account_password_expired'],
    ['interaction_required', null, 'login_required'],
    ['login_required', null, 'login_required'],
    ['invalid_grant', 'bad_token', 'login_required'],
    ['invalid_grant', 'interrupted_user', 'login_required'],
    ['invalid_grant', 'ux_not_allowed', 'login_required'],
    ['invalid_grant', 'basic_action', 'login_required'],
    ['invalid_grant', 'message_only', 'login_required'],
    ['invalid_grant', 'something_new_of_2027', 'login_required'],
    ['something_new_of_2027', null, 'login_required'],
  ] as const)('%s with suberror %s and no known number is %s', (error, suberror, remedy) => {
    expect(identityFault(answer({ error, suberror, numbers: [12_345] }))).toMatchObject({ kind: 'remedy', remedy });
  });
});

describe("a refusal of HRBC's own app", () => {
  it.each([
    [7000215, 'invalid_client', 'wrong secret'],
    [7000222, 'invalid_client', 'secret expired'],
    [700016, 'unauthorized_client', 'app unknown in the tenant'],
    [50194, 'invalid_request', 'app not multi-tenant'],
    [500011, 'invalid_resource', 'resource not found'],
    [650052, 'invalid_client', 'app lacks a service principal'],
    [650056, 'invalid_client', 'app misconfigured'],
    [65005, 'invalid_resource', 'app lacks a permission'],
  ])('AADSTS%i (%s: %s) is nobody’s login', (number, error) => {
    const fault = identityFault(refused(number, error));
    expect(fault).toEqual({ kind: 'app', detail: `AADSTS${number}` });
    expect(refreshFailure(fault)).toEqual({ kind: 'Rejected', code: APP_REFUSED });
  });

  it('outranks whatever number comes with it', () => {
    expect(identityFault(answer({ status: 401, error: 'invalid_client', numbers: [50173] })).kind).toBe('app');
  });

  it('shows in errors of the request without a number too', () => {
    for (const error of ['invalid_client', 'unauthorized_client', 'invalid_scope', 'invalid_request']) {
      expect(identityFault(answer({ error })).kind).toBe('app');
    }
  });
});

describe('what is spent', () => {
  it.each([
    [54005, 'code used twice'],
    [70000, 'grant of no use'],
    [70008, 'code or token expired'],
    [9002313, 'malformed'],
  ])('AADSTS%i (%s) begins a sign-in anew, and needs one where a token was refreshed', (number) => {
    const fault = identityFault(refused(number, number === 9002313 ? 'invalid_request' : 'invalid_grant'));
    expect(fault).toEqual({ kind: 'restart', detail: `AADSTS${number}` });
    expect(refreshFailure(fault)).toMatchObject({ kind: 'AuthorizationLost', remedy: 'login_required' });
  });
});

describe('what passes', () => {
  it.each([
    [answer({ status: 500, error: 'invalid_grant', numbers: [50173] }), 'a 500, whatever its body says'],
    [answer({ status: 503, error: null }), 'a 503'],
    [answer({ error: 'temporarily_unavailable' }), 'temporarily_unavailable'],
    [answer({ error: 'server_error' }), 'server_error'],
    [refused(50033), 'AADSTS50033'],
    [refused(50087), 'AADSTS50087'],
    [refused(90033), 'AADSTS90033'],
    [answer({ error: null }), 'an answer that says nothing'],
  ])('%o is transient (%s)', (given) => {
    const fault = identityFault(given);
    expect(fault.kind).toBe('transient');
    expect(refreshFailure(fault)).toEqual({ kind: 'Unavailable', detail: 'token_endpoint' });
  });

  it('429 waits as long as it says, and for half a minute where it does not say', () => {
    const throttled = answer({ status: 429, error: 'invalid_grant', numbers: [50173] });
    expect(identityFault({ ...throttled, retryAfterMs: 7_000 })).toEqual({ kind: 'wait', retryAfterMs: 7_000 });
    expect(refreshFailure(identityFault(throttled))).toEqual({ kind: 'RateLimited', retryAfterMs: 30_000 });
  });

  it('AADSTS50196, a loop of ours, backs off for minutes', () => {
    expect(identityFault(refused(50196))).toEqual({ kind: 'wait', retryAfterMs: 300_000 });
  });
});
