import { describe, it, expect } from 'vitest';
import { GatewayError, type GatewayFailure } from '../gateway.errors.js';
import { LineConnectionError } from '../line-connection.js';
import { pop3Failure, type Pop3Phase } from './pop3-failure.js';
import { NotPop3, Pop3Refusal } from './pop3-session.js';

const unavailable = (detail: string): GatewayFailure => ({ kind: 'Unavailable', detail });
const busy = { kind: 'RateLimited' };
const coded = (code: string): Error => new Pop3Refusal(code, `[${code}] words`);
const worded = (text: string): Error => new Pop3Refusal(null, text);
const network = (code: string): Error => Object.assign(new Error('words'), { code });

const table: [string, Pop3Phase, Error, object][] = [
  ['[AUTH]', 'login', coded('AUTH'), { kind: 'AuthorizationLost', detail: 'login_refused' }],
  ['a wrong password in words', 'login', worded('invalid user or password'), { kind: 'AuthorizationLost' }],
  ['[IN-USE]', 'login', coded('IN-USE'), busy],
  ['[LOGIN-DELAY]', 'login', coded('LOGIN-DELAY'), busy],
  ['a lock in words', 'login', worded('Maildrop already locked by 4711'), busy],
  ['a locked account', 'login', worded('account locked, ask your administrator'), { kind: 'AuthorizationLost' }],
  ['[SYS/TEMP]', 'login', coded('SYS/TEMP'), unavailable('server_unavailable')],
  ['[SYS/PERM]', 'login', coded('SYS/PERM'), unavailable('server_error')],
  [
    'a login without TLS',
    'login',
    worded('Plaintext authentication disallowed'),
    { kind: 'Rejected', code: 'login_disabled' },
  ],
  ['a refusal at once', 'greeting', worded('who are you'), unavailable('refused_at_greeting')],
  ['too many connections', 'greeting', worded('too many connections'), busy],
  ['a refused command', 'reading', worded('no such message'), unavailable('command_refused')],
  ['another protocol', 'greeting', new NotPop3('220 ESMTP'), unavailable('protocol_error')],
  ['silence', 'reading', new LineConnectionError('SILENCE'), unavailable('timeout')],
  ['an end', 'reading', new LineConnectionError('CONNECTION_CLOSED'), unavailable('connection_lost')],
  ['a line without end', 'greeting', new LineConnectionError('LINE_TOO_LONG'), unavailable('protocol_error')],
  [
    'a mail without end',
    'reading',
    new LineConnectionError('TEXT_TOO_LONG'),
    { kind: 'MessageUnreadable', detail: 'too_large' },
  ],
  ['words before TLS', 'login', new LineConnectionError('DATA_BEFORE_TLS'), unavailable('tls_failed')],
  ['a reset', 'reading', network('ECONNRESET'), unavailable('connection_lost')],
  ['an expired certificate', 'greeting', network('CERT_HAS_EXPIRED'), unavailable('certificate_expired')],
  ['a failure that is one already', 'login', new GatewayError(unavailable('timeout')), unavailable('timeout')],
  ['what nobody foresaw', 'login', network('ESOMETHING'), { kind: 'Unknown', detail: 'ESOMETHING' }],
];

describe('pop3Failure', () => {
  it.each(table)('reduces %s during %s', (_, phase, error, failure) => {
    expect(pop3Failure(error, phase)).toMatchObject(failure);
    expect(JSON.stringify(pop3Failure(error, phase))).not.toContain('words');
  });
});
