import { createHash } from 'node:crypto';

/** A mail received from another server, as the last server on its way stored it. */
export interface SampleMail {
  readonly source: Buffer;
  readonly receivedAt: Date;
}

/** The day from which mail is wanted in the suites: 1 March 2024 in Japan. */
export const SINCE = new Date('2024-03-01T00:00:00+09:00');
export const JUST_BEFORE = new Date('2024-02-29T23:59:59+09:00');
export const JUST_IN_TIME = SINCE;
export const DAY_AFTER = new Date('2024-03-02T09:00:00+09:00');
export const LONG_AGO = new Date('2019-05-01T12:00:00+09:00');

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A small mail whose headers say when it was received. */
export function sampleMail(subject: string, receivedAt: Date, body = 'Hello\r\n'): SampleMail {
  return { source: Buffer.concat([head(subject, receivedAt), Buffer.from(body, 'latin1')]), receivedAt };
}

/** Bytes that careless clients damage: no final line end, dots at line starts, 8-bit JIS and SJIS, NUL-free binary. */
export function awkwardMails(receivedAt: Date): SampleMail[] {
  const bodies = [
    'no final line end',
    '',
    '\r\n\r\n\r\n',
    '.\r\n..\r\n...\r\n.hidden\r\n',
    'a line\r\n.\r\nanother\r\n',
    '\x83\x65\x83\x58\x83\x67 \x1b$B%F%9%H\x1b(B \xa5\xc6\xa5\xb9\xa5\xc8\r\n',
    `${'x'.repeat(20_000)}\r\n`,
    Array.from({ length: 127 }, (_, index) => String.fromCharCode(129 + index)).join(''),
  ];
  return bodies.map((body, index) => sampleMail(`awkward ${index}`, receivedAt, body));
}

/** A mail of about `bytes` bytes, different for every `seed`. */
export function largeMail(seed: string, bytes: number, receivedAt: Date): SampleMail {
  const line = `${createHash('sha256').update(seed).digest('base64')}\r\n`;
  return sampleMail(seed, receivedAt, line.repeat(Math.ceil(bytes / line.length)));
}

function head(subject: string, receivedAt: Date): Buffer {
  const japan = new Date(receivedAt.getTime() + 9 * 3_600_000);
  const [, day, time] = /^\d+-\d+-(\d+)T(\S{8})/.exec(japan.toISOString()) ?? [];
  const date = `${Number(day)} ${MONTHS[japan.getUTCMonth()]} ${japan.getUTCFullYear()} ${time} +0900 (JST)`;
  return Buffer.from(
    [
      `Received: from sender.example.com (sender.example.com [192.0.2.1])`,
      `\tby mx.example.co.jp with ESMTPS id 1; ${date}`,
      'Received: from old.example.com by sender.example.com; Mon, 1 Jan 2001 00:00:00 +0000',
      'From: Alice <alice@example.com>',
      `Subject: ${subject}`,
      'Date: Mon, 1 Jan 2001 00:00:00 +0000',
      '',
      '',
    ].join('\r\n'),
    'latin1',
  );
}
