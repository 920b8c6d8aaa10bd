import { describe, it, expect } from 'vitest';
import { GatewayError, type GatewayFailure } from '../gateway.errors.js';
import { DEFAULT_RETRY_MS, imapFailure } from './imap-failure.js';

const limited: GatewayFailure = { kind: 'RateLimited', retryAfterMs: DEFAULT_RETRY_MS };
const lost = unavailable('connection_lost');

/** Errors as imapflow 2.1.2 throws them. */
const table: [string, object, GatewayFailure][] = [
  ['a wrong password', refusedLogin('AUTHENTICATIONFAILED'), { kind: 'AuthorizationLost', detail: 'login_refused' }],
  ['a refused login without code', refusedLogin(), { kind: 'AuthorizationLost', detail: 'login_refused' }],
  ['an expired password', refusedLogin('EXPIRED'), { kind: 'AuthorizationLost', detail: 'login_refused' }],
  ['a login server that is away', refusedLogin('UNAVAILABLE'), unavailable('server_unavailable')],
  ['a login that needs TLS', refusedLogin('PRIVACYREQUIRED'), { kind: 'Rejected', code: 'login_disabled' }],
  ['too many logins', refusedLogin('LIMIT'), limited],
  [
    'too many logins in words',
    { ...refusedLogin(), responseText: 'Too many simultaneous connections. (Failure)' },
    limited,
  ],
  ['a BAD login', { ...refusedLogin(), responseStatus: 'BAD' }, { kind: 'Rejected', code: 'login_not_understood' }],
  [
    'LOGINDISABLED',
    { authenticationFailed: true, message: 'Login is disabled' },
    { kind: 'Rejected', code: 'login_disabled' },
  ],
  [
    'no common mechanism',
    { message: 'Unsupported authentication mechanism' },
    { kind: 'Rejected', code: 'login_method_unknown' },
  ],
  [
    'throttling with a time',
    { code: 'ETHROTTLE', throttleReset: 92_415 },
    { kind: 'RateLimited', retryAfterMs: 92_415 },
  ],
  ['throttling without a time', { code: 'ETHROTTLE' }, limited],
  ['a BYE for too many connections', { code: 'NoConnection', reason: 'Too many connections' }, limited],
  ['a BYE', { code: 'NoConnection', reason: 'Server shutting down' }, lost],
  ['NO [LIMIT]', refused('LIMIT'), limited],
  ['NO [INUSE]', refused('INUSE'), limited],
  ['NO [SERVERBUG]', refused('SERVERBUG'), unavailable('server_error')],
  ['NO [NONEXISTENT]', refused('NONEXISTENT'), { kind: 'MailboxNotSupported', detail: 'inbox_missing' }],
  ['NO [NOPERM]', refused('NOPERM'), { kind: 'PermissionMissing', permission: 'read_inbox' }],
  ['NO', { responseStatus: 'NO', responseText: 'not now' }, unavailable('command_refused')],
  ['BAD', { responseStatus: 'BAD', responseText: 'what' }, unavailable('command_refused')],
  ['a refused connection', { code: 'ECONNREFUSED' }, unavailable('connection_refused')],
  ['a reset', { code: 'ECONNRESET' }, lost],
  ['no route', { code: 'EHOSTUNREACH' }, unavailable('host_unreachable')],
  ['a connect that takes too long', { code: 'CONNECT_TIMEOUT' }, unavailable('timeout')],
  ['no greeting', { code: 'GREETING_TIMEOUT' }, unavailable('no_greeting')],
  ['silence', { code: 'ETIMEOUT' }, unavailable('timeout')],
  ['a closed connection', { code: 'EConnectionClosed' }, lost],
  ['an end before the greeting', { code: 'ClosedAfterConnectTLS' }, lost],
  ['TLS on a plain port', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, unavailable('tls_failed')],
  ['injected plain text', { code: 'STARTTLS_INJECTION' }, unavailable('tls_failed')],
  ['an expired certificate', { code: 'CERT_HAS_EXPIRED' }, unavailable('certificate_expired')],
  ['a wrong name', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, unavailable('certificate_wrong_name')],
  ['a self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, unavailable('certificate_untrusted')],
  ['an unknown authority', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, unavailable('certificate_untrusted')],
  [
    'a literal without measure',
    { code: 'LiteralTooLarge' },
    { kind: 'MessageUnreadable', locator: '', detail: 'too_large' },
  ],
  [
    'a response without measure',
    { code: 'ResponseTooLarge' },
    { kind: 'MessageUnreadable', locator: '', detail: 'too_large' },
  ],
  ['a line without end', { code: 'LineTooLarge' }, unavailable('protocol_error')],
  ['an answer nobody can parse', { code: 'ParserError11' }, unavailable('protocol_error')],
  ['a foreign tag', { code: 'UnexpectedTag' }, unavailable('protocol_error')],
  ['another address', { code: 'ADDRESS_MISMATCH' }, unavailable('private_address')],
  ['what nobody foresaw', { code: 'ESOMETHING' }, { kind: 'Unknown', detail: 'ESOMETHING' }],
  ['an error without code', { message: 'secret in here' }, { kind: 'Unknown', detail: 'Error' }],
];

describe('imapFailure', () => {
  it.each(table)('reduces %s', (_, error, failure) => {
    expect(imapFailure(Object.assign(new Error('Command failed'), error))).toEqual(failure);
  });

  it('leaves a failure that is one already', () => {
    expect(imapFailure(new GatewayError(limited))).toBe(limited);
  });

  it('knows what is no error', () => {
    expect(imapFailure('thrown text')).toEqual({ kind: 'Unknown', detail: 'not_an_error' });
  });

  it('lets no word of the server into the result', () => {
    const error = Object.assign(new Error('Command failed'), {
      responseStatus: 'NO',
      responseText: 'password is hunter2',
    });
    expect(JSON.stringify(imapFailure(error))).not.toContain('hunter2');
  });
});

function unavailable(detail: string): GatewayFailure {
  return { kind: 'Unavailable', detail };
}

function refusedLogin(serverResponseCode?: string): object {
  return { authenticationFailed: true, responseStatus: 'NO', serverResponseCode, responseText: 'no' };
}

function refused(code: string): object {
  return {
    responseStatus: 'NO',
    responseText: 'no',
    response: { attributes: [{ section: [{ type: 'ATOM', value: code }] }] },
  };
}
