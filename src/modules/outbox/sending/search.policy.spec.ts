import { describe, expect, it } from 'vitest';
import { type SendFailure } from './retry.policy.js';
import { searchAgainIn } from './search.policy.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const away: SendFailure = { kind: 'Unavailable', detail: 'timeout' };

describe('after a search that could not be made', () => {
  it.each<[string, SendFailure]>([
    ['a provider that is away', away],
    ['a limit', { kind: 'RateLimited', retryAfterMs: 1_000 }],
    ['an answer that nobody understands', { kind: 'Unknown' }],
    ['a listing that has become invalid', { kind: 'CursorInvalid' }],
    ['a sent mail that cannot be read', { kind: 'MessageUnreadable' }],
    ['a login refused without a reason', { kind: 'AuthorizationLost' }],
    ['HRBC’s own app refused', { kind: 'Rejected', code: 'oauth_app_refused' }],
    ['a company’s app blocked', { kind: 'Rejected', code: 'google_client_blocked' }],
  ])('%s is waited for', (_what, failure) => {
    expect(searchAgainIn(failure, MINUTE)).toBe(15 * SECOND);
  });

  it.each<[string, SendFailure]>([
    ['a login that only the person can mend', { kind: 'AuthorizationLost', remedy: 'login_required' }],
    ['a consent that lacks the right', { kind: 'PermissionMissing', permission: 'Mail.Read' }],
    ['a mailbox that is not connected', { kind: 'MailboxNotSupported' }],
    ['a refusal', { kind: 'Rejected', code: 'forbidden' }],
    ['a refusal by the name of something every object has', { kind: 'Rejected', code: 'constructor' }],
  ])('%s leaves it to a person at once', (_what, failure) => {
    expect(searchAgainIn(failure, MINUTE)).toBeNull();
  });

  it.each([
    [0, 15 * SECOND],
    [4 * MINUTE, MINUTE],
    [HOUR, 10 * MINUTE],
    [24 * HOUR - 1, 10 * MINUTE],
    [24 * HOUR, null],
  ])('%d ms after the attempt began, the next comes in %s ms', (since, next) => {
    expect(searchAgainIn(away, since)).toBe(next);
  });
});
