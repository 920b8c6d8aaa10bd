import { describe, expect, it } from 'vitest';
import { type GatewayFailure } from '../../../gateways/gateway.errors.js';
import { consequenceOf } from './failure.policy.js';

const passwordRefused: GatewayFailure = { kind: 'AuthorizationLost', detail: 'AUTHENTICATIONFAILED' };
const serverDown: GatewayFailure = { kind: 'Unavailable', detail: 'ECONNREFUSED' };
const slowDown: GatewayFailure = { kind: 'RateLimited', retryAfterMs: 120_000 };

describe('the policy for failures', () => {
  it('asks the user only after the login was refused three times in a row', () => {
    expect(consequenceOf(passwordRefused, 0)).toMatchObject({ problem: 'mailbox_login_failed', requiresAction: false });
    expect(consequenceOf(passwordRefused, 1).requiresAction).toBe(false);
    expect(consequenceOf(passwordRefused, 2).requiresAction).toBe(true);
  });

  it('never asks the user about a server that is down, however long', () => {
    expect(consequenceOf(serverDown, 0)).toEqual({
      problem: 'mailbox_server_unreachable',
      retryInMs: 10_000,
      requiresAction: false,
    });
    expect(consequenceOf(serverDown, 5_000)).toMatchObject({ retryInMs: 600_000, requiresAction: false });
  });

  it('waits as long as the server asks, and at least a minute', () => {
    expect(consequenceOf(slowDown, 0).retryInMs).toBe(120_000);
    expect(consequenceOf({ kind: 'RateLimited', retryAfterMs: 5 }, 0).retryInMs).toBe(60_000);
  });

  it.each([
    'google_app_missing',
    'google_client_invalid',
    'google_client_deleted',
    'google_client_blocked',
    'gmail_api_disabled',
    'gmail_disabled_by_domain',
  ] as const)("calls %s a fault of the company's app, and asks no user about it", (code) => {
    expect(consequenceOf({ kind: 'Rejected', code }, 50)).toMatchObject({ problem: code, requiresAction: false });
  });

  it.each([
    'google_grant_ended',
    'google_testing_ended',
    'google_grant_unused',
    'google_session_ended',
    'google_client_changed',
  ] as const)('asks the user at once when the provider says %s', (remedy) => {
    const failure = { kind: 'AuthorizationLost', detail: '', remedy } as const;
    expect(consequenceOf(failure, 0)).toMatchObject({ problem: remedy, requiresAction: true });
  });

  it('calls a person without Gmail by that name', () => {
    const failure = { kind: 'MailboxNotSupported', detail: 'gmail_not_enabled' } as const;
    expect(consequenceOf(failure, 2)).toMatchObject({ problem: 'gmail_not_enabled', requiresAction: true });
  });

  it.each(['Rejected', 'Unknown', 'CursorInvalid', 'MessageUnreadable'] as const)('tries again after %s', (kind) => {
    const failure = { kind, detail: '', code: '', reason: '', locator: '' } as GatewayFailure;
    expect(consequenceOf(failure, 0)).toMatchObject({ problem: 'mailbox_read_failed', requiresAction: false });
  });
});
