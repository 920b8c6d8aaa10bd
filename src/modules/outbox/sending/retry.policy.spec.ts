import { describe, expect, it } from 'vitest';
import { type Route } from '../outbox.events.js';
import { consequenceOf, type SendFailure } from './retry.policy.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HALF_AN_HOUR = 30 * MINUTE;
const HOUR = 60 * MINUTE;
const rejected = (code: string): SendFailure => ({ kind: 'Rejected', code });
const limited = (retryAfterMs: number): SendFailure => ({ kind: 'RateLimited', retryAfterMs });

/** The pause after a failure that has happened so often. */
function atTry(tries: number, failure: SendFailure, route: Route): number | null {
  const { code } = consequenceOf(failure, route, {});
  return consequenceOf(failure, route, { [code]: tries - 1 }).retryInMs;
}

describe('what follows a failed attempt', () => {
  it.each<[string, SendFailure, 'hrbc' | 'gmail' | 'office365', number, string, number | null]>([
    [
      'a login refused by HRBC’s server',
      { kind: 'AuthorizationLost' },
      'hrbc',
      1,
      'sending_server_login_failed',
      60 * SECOND,
    ],
    ['a login refused by the provider', { kind: 'AuthorizationLost' }, 'gmail', 1, 'sending_login_failed', MINUTE],
    ['the same for the second time', { kind: 'AuthorizationLost' }, 'office365', 2, 'sending_login_failed', MINUTE],
    ['the same for the third time', { kind: 'AuthorizationLost' }, 'gmail', 3, 'sending_login_failed', null],
    [
      'a login of which the provider says what it needs',
      { kind: 'AuthorizationLost', remedy: 'login_required' },
      'office365',
      1,
      'sending_login_failed',
      null,
    ],
    [
      'no right to send as',
      { kind: 'PermissionMissing', permission: 'send_as' },
      'office365',
      1,
      'sending_permission_missing',
      null,
    ],
    [
      'no right to send at all',
      { kind: 'PermissionMissing', permission: 'Mail.Send' },
      'office365',
      1,
      'sending_login_failed',
      null,
    ],
    [
      'a sender that Gmail does not know',
      { kind: 'Rejected', code: 'from_not_registered' },
      'gmail',
      1,
      'sending_from_not_registered',
      null,
    ],
    ['no such mailbox', { kind: 'MailboxNotSupported' }, 'gmail', 1, 'sending_not_connected', null],
    ['a rate limit', limited(5_000), 'gmail', 1, 'sending_rate_limited', MINUTE],
    ['the same again and again', limited(5_000), 'gmail', 4, 'sending_rate_limited', 8 * MINUTE],
    ['a long rate limit', limited(600_000), 'gmail', 1, 'sending_rate_limited', 10 * MINUTE],
    ['a limit without measure', limited(999_999_999_000), 'gmail', 1, 'sending_rate_limited', HOUR],
    ['our own pace', { ...limited(7_000), paced: true } as SendFailure, 'gmail', 1, 'sending_rate_limited', 7_000],
    [
      'our own pace, of next to nothing',
      { ...limited(0), paced: true } as SendFailure,
      'gmail',
      1,
      'sending_rate_limited',
      SECOND,
    ],
    ['greylisting', { kind: 'Unavailable', detail: 'deferred' }, 'hrbc', 1, 'sending_deferred', 5 * SECOND],
    ['greylisting again', { kind: 'Unavailable', detail: 'deferred' }, 'hrbc', 4, 'sending_deferred', 40 * SECOND],
    ['an outage', { kind: 'Unavailable', detail: 'connection_refused' }, 'hrbc', 1, 'sending_unreachable', 5 * SECOND],
    ['a long outage', { kind: 'Unavailable', detail: 'timeout' }, 'hrbc', 12, 'sending_unreachable', HALF_AN_HOUR],
    ['an interruption', { kind: 'Unavailable', detail: 'aborted' }, 'hrbc', 3, 'sending_interrupted', 0],
    [
      'all recipients refused',
      { kind: 'Rejected', code: 'recipients_refused' },
      'hrbc',
      1,
      'sending_recipients_refused',
      null,
    ],
    ['the sender refused', { kind: 'Rejected', code: 'sender_refused' }, 'hrbc', 1, 'sending_sender_refused', null],
    ['a mail too large', { kind: 'Rejected', code: 'message_too_large' }, 'hrbc', 1, 'sending_too_large', null],
    ['any other refusal', { kind: 'Rejected', code: 'spam' }, 'hrbc', 1, 'sending_refused', null],
    ['what nobody understands', { kind: 'Unknown' }, 'hrbc', 1, 'sending_failed', 30 * SECOND],
    ['the same for the third time', { kind: 'Unknown' }, 'hrbc', 3, 'sending_failed', null],
  ])('%s', (_case, failure, route, tries, code, retryInMs) => {
    expect(consequenceOf(failure, route, { [code]: tries - 1 })).toEqual({ code, retryInMs });
  });

  it.each([
    ['oauth_app_refused', 'sending_app_refused'],
    ['google_app_missing', 'sending_google_app_missing'],
    ['google_client_invalid', 'sending_google_client_invalid'],
    ['google_client_deleted', 'sending_google_client_deleted'],
    ['google_client_blocked', 'sending_google_client_blocked'],
    ['gmail_api_disabled', 'sending_gmail_api_disabled'],
    ['gmail_disabled_by_domain', 'sending_gmail_disabled_by_domain'],
  ])('an app at fault (%s) is no verdict on the mail', (fault, code) => {
    expect(consequenceOf(rejected(fault), 'gmail', {})).toEqual({ code, retryInMs: 5 * MINUTE });
  });

  const outage: SendFailure = { kind: 'Unavailable', detail: 'timeout' };
  it.each<[string, SendFailure, readonly (number | null)[]]>([
    ['an outage', outage, [5 * SECOND, HALF_AN_HOUR, null, null, null]],
    ['greylisting', { kind: 'Unavailable', detail: 'deferred' }, [5 * SECOND, HALF_AN_HOUR, null, null, null]],
    ['an interruption', { kind: 'Unavailable', detail: 'aborted' }, [0, 0, null, null, null]],
    ['HRBC’s server refusing HRBC', { kind: 'AuthorizationLost' }, [MINUTE, HALF_AN_HOUR, null, null, null]],
    ['a short limit', limited(1_000), [MINUTE, HALF_AN_HOUR, HALF_AN_HOUR, HALF_AN_HOUR, null]],
    ['a limit of the day', limited(HOUR), [HOUR, HOUR, HOUR, HOUR, null]],
    ['our own pace', { kind: 'RateLimited', retryAfterMs: 7_000, paced: true }, [7_000, 7_000, 7_000, 7_000, 7_000]],
    ['an app at fault', rejected('oauth_app_refused'), [5 * MINUTE, HALF_AN_HOUR, HALF_AN_HOUR, HALF_AN_HOUR, null]],
    ['what nobody understands', { kind: 'Unknown' }, [30 * SECOND, null, null, null, null]],
    ['a refusal of the mail', rejected('spam'), [null, null, null, null, null]],
  ])('has its end: %s, at tries 1, 15, 16, 47 and 48', (_what, failure, waits) => {
    expect([1, 15, 16, 47, 48].map((tries) => atTry(tries, failure, 'hrbc'))).toEqual(waits);
  });

  it('one trouble does not shorten the patience with another', () => {
    const before = { sending_rate_limited: 47, sending_unreachable: 15, sending_interrupted: 15 };
    expect(consequenceOf({ kind: 'AuthorizationLost' }, 'gmail', before).retryInMs).toBe(MINUTE);
    expect(consequenceOf({ kind: 'Unknown' }, 'gmail', before).retryInMs).toBe(30 * SECOND);
    expect(consequenceOf(outage, 'gmail', before).retryInMs).toBeNull();
  });

  it('an app at fault, and limits, are waited for most of a day', () => {
    const hours = (failure: SendFailure): number => {
      let sum = 0;
      for (let tries = 1; tries < 48; tries++) sum += atTry(tries, failure, 'gmail')!;
      return sum / HOUR;
    };
    expect(hours(rejected('oauth_app_refused'))).toBeGreaterThan(20);
    expect(hours(limited(1_000))).toBeGreaterThan(20);
    expect(hours(limited(HOUR))).toBe(47);
  });
});
