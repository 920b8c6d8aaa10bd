import { describe, expect, it } from 'vitest';
import { type GatewayFailure } from '../gateway.errors.js';
import { refusedRecipients, smtpFailure } from './smtp-failure.js';

/** An error as the SMTP library makes it of a reply. */
const errorOf = (command: string, response: string, more: object = {}): Error =>
  Object.assign(new Error(response), {
    code: response.startsWith('5') && command === 'DATA' ? 'EMESSAGE' : 'EENVELOPE',
    command,
    response,
    responseCode: Number(response.slice(0, 3)),
    ...more,
  });

const RECIPIENTS = ['sato@customer.example', 'tanaka@customer.example', 'ito@customer.example'];

const rejectedErrorsOf = (responses: readonly string[]): readonly Error[] =>
  responses.map((response, n) => errorOf('RCPT TO', response, { recipient: RECIPIENTS[n] }));

/** Every recipient was refused: the library shows the reply to one that is only put off, and else the last. */
function nobodyTaken(...responses: readonly string[]): Error {
  const shown = responses.find((response) => response.startsWith('4')) ?? responses.at(-1) ?? '';
  return errorOf('RCPT TO', shown, { rejectedErrors: rejectedErrorsOf(responses) });
}

const rejected = (code: string): GatewayFailure => ({ kind: 'Rejected', code });
const TOO_LARGE = rejected('message_too_large');
const REFUSED = rejected('message_refused');
const NOBODY = rejected('recipients_refused');
const DEFERRED: GatewayFailure = { kind: 'Unavailable', detail: 'deferred' };

describe('552 to a mail', () => {
  it.each([
    ['MAIL FROM', '552 5.3.4 Message size exceeds fixed limit', TOO_LARGE],
    ['MAIL FROM', '552 Message size exceeds maximum permitted', TOO_LARGE],
    ['DATA', '552-5.2.3 Your message exceeded the size limits.\n552 5.2.3 See the manual.', TOO_LARGE],
    ['DATA', '552 sorry, that message size exceeds my databytes limit (#5.3.4)', TOO_LARGE],
    ['DATA', '552 5.0.0 too much', TOO_LARGE],
    ['DATA', '554 5.3.4 too large', TOO_LARGE],
    ['DATA', '552 5.7.0 This message was blocked because its content presents a potential security issue', REFUSED],
    ['DATA', '552 5.2.2 mailbox full', REFUSED],
    ['DATA', '552 5.6.0 headers are broken', REFUSED],
  ])('%s answered by %s', (command, response, failure) => {
    expect(smtpFailure(errorOf(command, response))).toEqual(failure);
  });
});

describe('552 to recipients', () => {
  it.each([
    ['one full mailbox', ['552 5.2.2 mailbox full'], NOBODY],
    ['blocked content', ['552 5.7.0 blocked'], NOBODY],
    ['too many of them', ['552 too many recipients'], DEFERRED],
    ['too many of them, in two words', ['552 5.5.3 too many recipients'], DEFERRED],
    ['nothing explained', ['552 5.0.0 no'], DEFERRED],
    ['one put off among refused ones', ['552 no', '550 5.1.1 unknown'], DEFERRED],
    ['one that answers 4yz', ['550 5.1.1 unknown', '452 4.2.2 full'], DEFERRED],
    ['too large for all', ['552 5.3.4 too large', '552 5.2.3 too large for this one'], TOO_LARGE],
    ['too large for one, and another unknown', ['550 5.1.1 unknown', '552 5.3.4 too large'], NOBODY],
  ])('%s', (_what, responses, failure) => {
    expect(smtpFailure(nobodyTaken(...responses))).toEqual(failure);
  });

  it.each([
    ['552 5.2.2 mailbox full', false],
    ['552 5.3.4 too large', false],
    ['552 5.7.0 blocked', false],
    ['552 too many recipients', true],
    ['552 5.5.3 too many recipients', true],
    ['550 5.5.3 too many recipients', false],
    ['452 4.5.3 too many recipients', true],
    ['550 unknown', false],
  ])('%s is for the moment: %s', (response, temporary) => {
    expect(refusedRecipients(rejectedErrorsOf([response]), RECIPIENTS)).toMatchObject([{ recipient: 0, temporary }]);
  });
});

const unavailable = (detail: string): GatewayFailure => ({ kind: 'Unavailable', detail });
const LOGIN_REFUSED: GatewayFailure = { kind: 'AuthorizationLost', detail: 'login_refused' };
const AUTH = { code: 'EAUTH' };

describe('what the server says', () => {
  it.each<[string, string, object, GatewayFailure]>([
    ['CONN', '554 5.3.2 no mail today', {}, unavailable('server_refuses')],
    ['CONN', '421 4.3.2 words', {}, DEFERRED],
    ['EHLO', '550 5.7.1 words', {}, unavailable('server_refuses')],
    ['STARTTLS', '501 5.5.4 words', {}, unavailable('server_refuses')],
    ['STARTTLS', '454 4.7.0 words', {}, unavailable('deferred_by_policy')],
    ['MAIL FROM', '530 5.7.0 Must issue a STARTTLS command first', {}, unavailable('server_refuses')],
    ['MAIL FROM', '521 5.3.2 words', {}, unavailable('server_refuses')],
    ['AUTH PLAIN', '535 5.7.8 words', AUTH, LOGIN_REFUSED],
    ['MAIL FROM', '451 4.3.0 words', {}, DEFERRED],
    ['MAIL FROM', '450 words', {}, DEFERRED],
    ['MAIL FROM', '451 4.7.1 greylisted', {}, unavailable('deferred_by_policy')],
    ['DATA', '451 4.3.0 words', {}, DEFERRED],
    ['MAIL FROM', '550 5.1.7 words', {}, rejected('sender_refused')],
    ['MAIL FROM', '553 5.1.8 words', {}, rejected('sender_refused')],
    ['MAIL FROM', '550 5.7.1 words', {}, REFUSED],
    ['MAIL FROM', '550 words', {}, REFUSED],
    ['DATA', '554 5.7.1 words', {}, REFUSED],
    ['DATA', '554 words', {}, REFUSED],
  ])('%s answered by %s %j', (command, response, more, failure) => {
    expect(smtpFailure(errorOf(command, response, more))).toEqual(failure);
  });
});

describe('what goes wrong where the server says nothing', () => {
  it.each<[object, GatewayFailure]>([
    [{ code: 'ESOCKET', originalCode: 'ECONNREFUSED' }, unavailable('connection_refused')],
    [{ code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED' }, unavailable('certificate_expired')],
    [{ code: 'EDNS', originalCode: 'ENOTFOUND' }, unavailable('unknown_host')],
    [{ code: 'ECONNECTION', originalCode: 'ESOMETHING' }, unavailable('connection_lost')],
    [{ code: 'ETIMEDOUT' }, unavailable('timeout')],
    [{ code: 'ECONNECTION' }, unavailable('connection_lost')],
    [{ code: 'ESOCKET' }, unavailable('connection_lost')],
    [{ code: 'EDNS' }, unavailable('lookup_failed')],
    [{ code: 'ETLS' }, unavailable('tls_failed')],
    [{ code: 'EREQUIRETLS' }, unavailable('tls_failed')],
    [{ code: 'EPROTOCOL' }, unavailable('protocol_error')],
    [{ code: 'EMESSAGE' }, TOO_LARGE],
    [AUTH, LOGIN_REFUSED],
    [{ code: 'ENOAUTH' }, LOGIN_REFUSED],
    [{ code: 'ESOMETHING' }, { kind: 'Unknown', detail: 'smtp_failed' }],
    [{}, { kind: 'Unknown', detail: 'smtp_failed' }],
  ])('%j', (fields, failure) => {
    expect(smtpFailure(Object.assign(new Error('words'), fields))).toEqual(failure);
  });
});
