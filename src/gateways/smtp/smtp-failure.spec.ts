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
