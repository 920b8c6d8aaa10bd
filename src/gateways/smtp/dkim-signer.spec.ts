import DKIM from 'nodemailer/lib/dkim';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { signed } from './dkim-signer.js';

const { privateKey: pair } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKey = pair.export({ format: 'pem', type: 'pkcs8' }).toString();
const key = { domain: 'hrbc.example', selector: 'mail', privateKey };

const HEADER = [
  'From: =?UTF-8?B?5Za25qWt?= <taro@sample.example>',
  'To: sato@customer.example,\r\n  "tanaka..t."@docomo.example',
  'Subject:  two  blanks \t and a fold\r\n\there',
  'X-HRBC-Mail-Id: mail-1',
  'Message-ID: <m@sample.example>',
  'MIME-Version: 1.0',
].join('\r\n');
const mailOf = (body: string): Buffer => Buffer.from(`${HEADER}\r\n\r\n${body}`, 'latin1');

/** In pieces of this many bytes, as storage may hand it out. */
const opened = (mail: Buffer, size: number) => () =>
  Readable.from(
    Array.from({ length: Math.ceil(mail.length / size) }, (_, n) => mail.subarray(n * size, (n + 1) * size)),
  );
const sign = async (mail: Buffer, size = 7): Promise<string> =>
  (await buffer(signed(opened(mail, size), key))).toString('latin1');

const tag = (signedMail: string, name: string): string =>
  new RegExp(`[\\s;]${name}=([^;]*?)(?:;|\\r\\n(?![ \\t]))`).exec(signedMail)?.[1]?.replace(/\s/g, '') ?? '';

const BODIES = [
  ['an ordinary one', 'Hello  World \r\n\r\n second\tline\t\r\n'],
  ['empty lines at its end', 'text\r\n\r\n \r\n\r\n'],
  ['empty lines at its beginning', '\r\n\r\ntext\r\n'],
  ['no line end', 'text'],
  ['nothing', ''],
  ['nothing but empty lines', '\r\n\r\n'],
  ['many lines', `${'0123456789 '.repeat(6)}\r\n`.repeat(2_000)],
] as const;

describe('a signed mail', () => {
  it.each(BODIES)('has the body hash that the SMTP library gives it: %s', async (_what, body) => {
    const library = await buffer(
      new DKIM({ domainName: key.domain, keySelector: key.selector, privateKey }).sign(mailOf(body)),
    );
    expect(tag(await sign(mailOf(body)), 'bh')).toBe(tag(library.toString('latin1'), 'bh'));
  });

  it('has a signature over its header that verifies (RFC 6376, 3.7)', async () => {
    const mail = await sign(mailOf('text\r\n'));
    const names = tag(mail, 'h').split(':');
    expect(names).toEqual(['from', 'subject', 'message-id', 'to', 'mime-version']);
    const lines = mail
      .slice(0, mail.indexOf('\r\n\r\n'))
      .replace(/\r\n(?=[ \t])/g, '')
      .split('\r\n');
    const relaxed = (name: string): string => {
      const line = lines.find((one) => one.toLowerCase().startsWith(`${name}:`)) ?? '';
      return `${name}:${line
        .slice(name.length + 1)
        .replace(/[ \t]+/g, ' ')
        .trim()}`;
    };
    const own = relaxed('dkim-signature').replace(/ b=.*$/, ' b=');
    const text = [...names.map(relaxed), own].join('\r\n');
    const signature = Buffer.from(tag(`${mail.slice(0, mail.indexOf('\r\nFrom:'))}\r\nX`, 'b'), 'base64');
    expect(verify('sha256', Buffer.from(text, 'latin1'), createPublicKey(pair), signature)).toBe(true);
  });

  it('is the mail itself behind its signature, in short lines', async () => {
    const mail = mailOf('text\r\n');
    const result = await sign(mail, 1);
    expect(result.endsWith(mail.toString('latin1'))).toBe(true);
    for (const line of result.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
  });

  it('is never held: at most a piece of it is read ahead', async () => {
    const piece = Buffer.from(`${'x'.repeat(76)}\r\n`.repeat(800));
    let read = 0;
    const open = () =>
      Readable.from(
        (function* () {
          yield mailOf('');
          for (let n = 0; n < 300; n++) {
            read += piece.length;
            yield piece;
          }
        })(),
        { objectMode: true, highWaterMark: 1 },
      );
    let ahead = 0;
    let sent = 0;
    const all = 300 * piece.length;
    for await (const chunk of signed(open, key)) {
      sent += (chunk as Buffer).length;
      // The first reading is over when the first byte comes out.
      ahead = Math.max(ahead, read - all - sent);
    }
    expect(read).toBe(2 * all);
    expect(ahead).toBeLessThan(10 * piece.length);
  });
});
