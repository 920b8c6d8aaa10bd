import { describe, expect, it } from 'vitest';
import { type GatewayFailure } from '../gateway.errors.js';
import { graphFailure, postFailure } from './graph-failure.js';

const cases: readonly (readonly [number, string | null, number | null, GatewayFailure])[] = [
  [401, 'InvalidAuthenticationToken', null, { kind: 'AuthorizationLost', detail: 'token_refused' }],
  [403, 'ErrorAccessDenied', null, { kind: 'PermissionMissing', permission: 'Mail.Read' }],
  [403, 'Authorization_RequestDenied', null, { kind: 'PermissionMissing', permission: 'User.Read' }],
  [404, 'MailboxNotEnabledForRESTAPI', null, { kind: 'MailboxNotSupported', detail: 'mailbox_not_enabled' }],
  [403, 'MailboxNotEnabledForRESTAPI', null, { kind: 'MailboxNotSupported', detail: 'mailbox_not_enabled' }],
  [404, 'MailboxNotSupportedForRESTAPI', null, { kind: 'MailboxNotSupported', detail: 'mailbox_not_supported' }],
  [410, 'SyncStateNotFound', null, { kind: 'CursorInvalid', reason: 'sync_state_not_found' }],
  [400, 'syncStateNotFound', null, { kind: 'CursorInvalid', reason: 'sync_state_not_found' }],
  [404, 'syncStateNotFound', null, { kind: 'CursorInvalid', reason: 'sync_state_not_found' }],
  [410, 'resyncRequired', null, { kind: 'CursorInvalid', reason: 'resync_required' }],
  [410, null, null, { kind: 'CursorInvalid', reason: 'sync_state_gone' }],
  [404, 'ErrorItemNotFound', null, { kind: 'Rejected', code: 'ErrorItemNotFound' }],
  [410, 'SyncStateInvalid', null, { kind: 'CursorInvalid', reason: 'sync_state_invalid' }],
  [404, 'MailboxNotFound', null, { kind: 'MailboxNotSupported', detail: 'no_mailbox' }],
  [404, 'ErrorNonExistentMailbox', null, { kind: 'MailboxNotSupported', detail: 'no_mailbox' }],
  [403, 'ErrorSendAsDenied', null, { kind: 'PermissionMissing', permission: 'send_as' }],
  [400, 'ErrorMimeContentInvalidBase64String', null, { kind: 'Rejected', code: 'ErrorMimeContentInvalidBase64String' }],
  [413, 'ErrorMessageSizeExceeded', null, { kind: 'Rejected', code: 'message_too_large' }],
  [413, null, null, { kind: 'Rejected', code: 'message_too_large' }],
  [502, null, null, { kind: 'Unavailable', detail: 'server_error' }],
  [400, 'InefficientFilter', null, { kind: 'Rejected', code: 'InefficientFilter' }],
  [400, null, null, { kind: 'Rejected', code: 'http_400' }],
  [429, 'ApplicationThrottled', 17_000, { kind: 'RateLimited', retryAfterMs: 17_000 }],
  [429, null, null, { kind: 'RateLimited', retryAfterMs: 10_000 }],
  [503, 'serviceNotAvailable', 5_000, { kind: 'RateLimited', retryAfterMs: 5_000 }],
  [503, 'serviceNotAvailable', null, { kind: 'Unavailable', detail: 'server_error' }],
  [500, 'ErrorInternalServerError', null, { kind: 'Unavailable', detail: 'server_error' }],
  [504, null, null, { kind: 'Unavailable', detail: 'server_error' }],
  [408, null, null, { kind: 'Unavailable', detail: 'timeout' }],
  [0, 'TimeoutError', null, { kind: 'Unavailable', detail: 'timeout' }],
  [0, 'TypeError', null, { kind: 'Unavailable', detail: 'connection_lost' }],
  [0, 'SyntaxError', null, { kind: 'Unavailable', detail: 'protocol_error' }],
  [301, null, null, { kind: 'Unknown', detail: 'http_301' }],
];

describe('an error of Microsoft Graph', () => {
  it.each(cases)('%i %s, Retry-After %s', (status, code, retryAfterMs, failure) =>
    expect(graphFailure({ status, code, retryAfterMs })).toEqual(failure),
  );

  it('never takes an answer of 5xx to a POST for a mere limit: it may have been carried out', () => {
    const unavailable = { status: 503, code: 'serviceNotAvailable', retryAfterMs: 5_000 };
    expect(postFailure(unavailable)).toEqual({ kind: 'Unavailable', detail: 'server_error' });
    const limited = { status: 429, code: 'ApplicationThrottled', retryAfterMs: 17_000 };
    expect(postFailure(limited)).toEqual(graphFailure(limited));
  });
});
