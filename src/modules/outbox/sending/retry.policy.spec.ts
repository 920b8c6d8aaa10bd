import { describe, expect, it } from 'vitest';
import { consequenceOf, type SendFailure } from './retry.policy.js';

const SECOND = 1_000;
const HALF_AN_HOUR = 30 * 60 * SECOND;

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
    ['a login refused by the provider', { kind: 'AuthorizationLost' }, 'gmail', 1, 'sending_login_failed', null],
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
    ['a rate limit', { kind: 'RateLimited', retryAfterMs: 5_000 }, 'gmail', 1, 'sending_rate_limited', 60 * SECOND],
    [
      'a long rate limit',
      { kind: 'RateLimited', retryAfterMs: 600_000 },
      'gmail',
      1,
      'sending_rate_limited',
      600 * SECOND,
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
    expect(consequenceOf(failure, route, tries)).toEqual({ code, retryInMs });
  });

  it('has an end', () => {
    const outage: SendFailure = { kind: 'Unavailable', detail: 'timeout' };
    expect(consequenceOf(outage, 'hrbc', 15).retryInMs).not.toBeNull();
    expect(consequenceOf(outage, 'hrbc', 16)).toEqual({ code: 'sending_unreachable', retryInMs: null });
  });
});
