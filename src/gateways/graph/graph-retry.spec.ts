import { describe, expect, it } from 'vitest';
import { type GatewayFailure } from '../gateway.errors.js';
import { forOneMail, type Patience, waitBeforeRetry } from './graph-retry.js';

const patience: Patience = { tries: 4, longestWaitMs: 30_000, firstPauseMs: 200 };
const unavailable: GatewayFailure = { kind: 'Unavailable', detail: 'server_error' };

describe('a request that failed', () => {
  it('waits twice as long each time, and gives up after the last try', () =>
    expect([1, 2, 3, 4].map((attempt) => waitBeforeRetry(unavailable, attempt, patience))).toEqual([
      200,
      400,
      800,
      null,
    ]));
  it('never waits longer than five seconds by itself', () =>
    expect(waitBeforeRetry(unavailable, 20, { ...patience, tries: 99 })).toBe(5_000));
  it('waits as long as it is told, but not longer than a pass bears', () => {
    expect(waitBeforeRetry({ kind: 'RateLimited', retryAfterMs: 30_000 }, 1, patience)).toBe(30_000);
    expect(waitBeforeRetry({ kind: 'RateLimited', retryAfterMs: 30_001 }, 1, patience)).toBeNull();
  });
  it.each<GatewayFailure>([
    { kind: 'Unavailable', detail: 'aborted' },
    { kind: 'AuthorizationLost', detail: 'x' },
    { kind: 'PermissionMissing', permission: 'Mail.Read' },
    { kind: 'CursorInvalid', reason: 'x' },
    { kind: 'MailboxNotSupported', detail: 'x' },
    { kind: 'Rejected', code: 'x' },
    { kind: 'MessageUnreadable', locator: 'x', detail: 'x' },
    { kind: 'Unknown', detail: 'x' },
  ])('is not tried again after $kind', (failure) => expect(waitBeforeRetry(failure, 1, patience)).toBeNull());
  it('for one mail is tried less often than for all', () =>
    expect(forOneMail({ ...patience, tries: 6 }).tries).toBe(4));
});
