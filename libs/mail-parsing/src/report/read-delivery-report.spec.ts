import { describe, expect, it } from 'vitest';
import { readDeliveryReport } from './read-delivery-report.js';

const lines = (...text: readonly string[]): Buffer => Buffer.from(text.join('\r\n'));

/** As Postfix writes it. */
const report = (status: readonly string[], returned: readonly string[] = ['Subject: x']): Buffer =>
  lines(
    'Return-Path: <>',
    'Delivered-To: bounces+tag@hrbc.example',
    'From: MAILER-DAEMON@mx.hrbc.example (Mail Delivery System)',
    'To: bounces+tag@hrbc.example',
    'Auto-Submitted: auto-replied',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
    '',
    '--B',
    'Content-Type: text/plain',
    '',
    'I could not deliver it to sato@customer.example.',
    '--B',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.hrbc.example',
    'Original-Envelope-Id: tag-in-envelope',
    '',
    ...status,
    '--B',
    'Content-Type: text/rfc822-headers',
    '',
    ...returned,
    '--B--',
    '',
  );

const SATO_UNKNOWN = [
  'Final-Recipient: rfc822; sato@customer.example',
  'Action: failed',
  'Status: 5.1.1',
  'Diagnostic-Code: smtp; 550 5.1.1 <sato@customer.example>: user unknown',
];

describe('a delivery report (RFC 3464)', () => {
  it('tells whom the mail did not reach, and why', () => {
    const recipients = [{ addresses: ['sato@customer.example'], action: 'failed', status: '5.1.1' }];
    expect(readDeliveryReport(report(SATO_UNKNOWN))).toMatchObject({ recipients });
  });

  it('tells of several recipients, late ones among them; what was delivered is not its business', () => {
    const more = ['', 'Final-Recipient: rfc822; ito@customer.example', 'Action: delayed', 'Status: 4.4.1'];
    const fine = ['', 'Final-Recipient: rfc822; ono@customer.example', 'Action: delivered', 'Status: 2.0.0'];
    expect(readDeliveryReport(report([...SATO_UNKNOWN, ...fine, ...more]))?.recipients).toEqual([
      { addresses: ['sato@customer.example'], action: 'failed', status: '5.1.1' },
      { addresses: ['ito@customer.example'], action: 'delayed', status: '4.4.1' },
    ]);
  });

  it.each([
    ['the address as it was written and as it was forwarded', ['Original-Recipient: rfc822;info+2Bx@a.example', 'Final-Recipient: RFC822; <taro@b.example>'], ['info+x@a.example', 'taro@b.example']], // prettier-ignore
    ['an address with a plus that is no code', ['Final-Recipient: rfc822; taro+50@a.example'], ['taro+50@a.example']],
    ['an old carrier address in quotes', ['Final-Recipient: rfc822; "tanaka..t."@docomo.example'], ['"tanaka..t."@docomo.example']], // prettier-ignore
    ['a folded field without a type', ['Final-Recipient:', '  taro@a.example'], ['taro@a.example']],
    ['nobody', ['Final-Recipient: x400; C=JP/A=x'], []],
  ])('names %s', (_what, fields, addresses) => {
    expect(readDeliveryReport(report([...fields, 'Action: failed', 'Status: 5.0.0']))?.recipients).toEqual([
      { addresses, action: 'failed', status: '5.0.0' },
    ]);
  });

  it('says how bad it is by its status where the action is missing', () => {
    const recipients = (status: string) =>
      readDeliveryReport(report(['Final-Recipient: rfc822; a@b.example', `Status: ${status}`]))?.recipients;
    expect(recipients('4.2.2 (mailbox full)')).toMatchObject([{ action: 'delayed', status: '4.2.2' }]);
    expect(recipients('5.2.2')).toMatchObject([{ action: 'failed' }]);
    expect(recipients('2.0.0')).toBeUndefined();
  });

  it('lists where the mark of the mail may stand: whom it is for first, and never another mail of the thread', () => {
    const returned = ['Message-ID: <own@sample.example>', 'References: <other@sample.example>', '\t<third@x.example>', 'X: y']; // prettier-ignore
    const { places = [] } = readDeliveryReport(report(SATO_UNKNOWN, returned)) ?? {};
    expect(places[0]).toContain('bounces+tag@');
    expect(places.join('\n')).toContain('tag-in-envelope');
    expect(places.join('\n')).toContain('<own@sample.example>');
    expect(places.join('\n')).not.toMatch(/other@|third@/);
  });
});

describe('a report in words', () => {
  const words = (text: string, ...fields: readonly string[]): Buffer =>
    lines('Return-Path: <>', 'From: MAILER-DAEMON@mail.example', ...fields, '', text);
  const read = (source: Buffer) => readDeliveryReport(source)?.recipients ?? null;

  it.each([
    [
      'qmail',
      "Hi. This is the qmail-send program.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<sato@customer.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 user unknown\n\n--- Below this line is a copy of the message.\n\nTo: other@customer.example\n",
      [{ addresses: ['sato@customer.example'], action: 'failed', status: '5.1.1' }],
    ],
    [
      'a carrier',
      '次のあて先へのメッセージはエラーのため送信できませんでした。\n「sato@docomo.example」\n550 Unknown user sato@docomo.example\n',
      [{ addresses: ['sato@docomo.example'], action: 'failed', status: null }],
    ],
    [
      'another carrier',
      'Each of the following recipients was rejected by a remote mail server.\nThe reasons given by the server are included.\n\n    Recipient: <sato@ezweb.example>\n    Reason:    5.1.1 <sato@ezweb.example>... User unknown\n',
      [{ addresses: ['sato@ezweb.example'], action: 'failed', status: '5.1.1' }],
    ],
    [
      'a warning',
      'Warning: message still being retried for sato@customer.example\n451 4.4.1 timed out\nYou do not need to resend your message.\n',
      [{ addresses: ['sato@customer.example'], action: 'delayed', status: '4.4.1' }],
    ],
    ['nobody by name', 'Your message could not be delivered: mailbox is full.', [{ addresses: [], action: 'failed', status: null }]], // prettier-ignore
  ])('by %s', (_whose, text, recipients) => {
    const source = words(text, 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit');
    expect(read(source)).toEqual(recipients);
  });

  it('in ISO-2022-JP', () => {
    const jis = Buffer.concat([
      Buffer.from(
        'Return-Path: <>\r\nFrom: Postmaster@mail.example\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n',
      ),
      // 配信できません
      Buffer.from('\u001b$BG[?.$G$-$^$;$s\u001b(B sato@customer.example\r\n', 'latin1'),
    ]);
    expect(read(jis)).toEqual([{ addresses: ['sato@customer.example'], action: 'failed', status: null }]);
  });

  it('by Exim, which names the recipients in its header', () => {
    const source = words('A message that you sent could not be delivered.', 'X-Failed-Recipients: sato@customer.example,\r\n ito@customer.example'); // prettier-ignore
    expect(read(source)).toMatchObject([
      { addresses: ['sato@customer.example'], action: 'failed' },
      { addresses: ['ito@customer.example'], action: 'failed' },
    ]);
  });

  it.each([
    [
      'an answer by somebody who is away',
      words('I am away; sato@x.example. delivery failed', 'Auto-Submitted: auto-replied'),
    ],
    [
      'a person who writes of an error',
      lines('From: sato@customer.example', '', '550 5.1.1 user unknown: ito@x.example'),
    ],
    ['a system that has nothing bad to say', words('Your mail to sato@customer.example has been received.')],
    ['nothing', Buffer.alloc(0)],
    ['debris', Buffer.from([0, 255, 13, 10, 0])],
  ])('is not %s', (_what, source) => expect(readDeliveryReport(source)).toBeNull());
});
