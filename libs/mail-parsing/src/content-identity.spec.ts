import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentIdentity, type MailIdentity } from './content-identity.js';
import { summarizeMail } from './summarize-mail.js';
import { summarizeWithIdentity } from './summarize-with-identity.js';

fc.configureGlobal({ seed: 20_261_122 });

const headers = [
  'Received: from a by b; Sun, 22 Nov 2026 01:00:05 +0000',
  'From: =?UTF-8?B?5bGx55Sw?= <Taro@Example.jp>',
  'Date: Sun, 22 Nov 2026 10:00:00 +0900',
  'Message-ID: <1@example.jp>',
  'Content-Type: text/plain; charset=UTF-8',
];
const message = (body: Uint8Array | string, fields: readonly string[] = headers, eol = '\r\n'): Buffer =>
  Buffer.concat([Buffer.from([...fields, '', ''].join(eol)), Buffer.from(body)]);

/** Lines of any bytes but line ends, the last of them with something to see. */
const line = fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d));
const bodyLines = fc
  .array(line, { maxLength: 30 })
  .map((lines) => [...lines.map((bytes) => Buffer.from(bytes)), Buffer.from('end')]);
const joined = (lines: readonly Buffer[], eol: string): Buffer =>
  Buffer.concat(lines.flatMap((bytes, index) => (index === 0 ? [bytes] : [Buffer.from(eol), bytes])));

describe('the same mail', () => {
  it('is the same whatever its line ends', () => {
    fc.assert(
      fc.property(bodyLines, fc.constantFrom('\n', '\r', '\r\r\n'), (lines, eol) => {
        expect(contentIdentity(message(joined(lines, eol)))).toEqual(contentIdentity(message(joined(lines, '\r\n'))));
      }),
    );
  });

  it('is the same whatever white space the last server put behind it', () => {
    fc.assert(
      fc.property(bodyLines, fc.array(fc.constantFrom('\r\n', '\n', ' ', '\t'), { maxLength: 8 }), (lines, tail) => {
        const body = joined(lines, '\r\n');
        expect(contentIdentity(message(Buffer.concat([body, Buffer.from(tail.join(''))])))).toEqual(
          contentIdentity(message(body)),
        );
      }),
    );
  });

  it('is the same with other trace headers, in another order, folded otherwise', () => {
    const fetchedByPop3 = [
      'X-UIDL: abc',
      'Return-Path: <taro@example.jp>',
      'Delivered-To: hanako@example.com',
      'Received: from b by c; Sun, 22 Nov 2026 01:00:09 +0000',
      'Message-ID:\r\n <1@example.jp>',
      'Date: Sun, 22 Nov 2026\r\n\t10:00:00 +0900',
      ...headers.slice(0, 2),
      'Status: RO',
      headers[4]!,
    ];
    expect(contentIdentity(message('text', fetchedByPop3))).toEqual(contentIdentity(message('text')));
  });

  it('differs in nothing but its content hash when Graph has written it anew', () => {
    const fromGraph = message(Buffer.from('dGV4dA==').toString(), [
      'From: "=?utf-8?B?5bGx55Sw?=" <taro@example.jp>',
      'Date: Sun, 22 Nov 2026 01:00:00 +0000',
      'Message-ID: <1@example.jp>',
      'Content-Type: text/plain; charset="utf-8"',
      'Content-Transfer-Encoding: base64',
    ]);
    const { contentHash, ...rest } = contentIdentity(fromGraph);
    const { contentHash: received, ...expected } = contentIdentity(message('text'));
    expect(rest).toEqual(expected);
    expect(contentHash).not.toBe(received);
  });

  it('is told the same with and without its summary', () => {
    const source = message('text');
    expect(contentIdentity(source, summarizeMail(source))).toEqual(contentIdentity(source));
    expect(summarizeWithIdentity(source)).toEqual({
      summary: summarizeMail(source),
      identity: contentIdentity(source),
    });
  });
});

describe('another mail', () => {
  it('has another hash when one byte differs', () => {
    fc.assert(
      fc.property(bodyLines, fc.nat(), fc.integer({ min: 0x21, max: 0x7e }), (lines, position, byte) => {
        const body = joined(lines, '\r\n');
        const visible = [...body.keys()].filter((at) => body[at]! > 0x20);
        const at = visible[position % visible.length]!;
        fc.pre(body[at] !== byte);
        const changed = Buffer.from(body);
        changed[at] = byte;
        expect(contentIdentity(message(changed)).contentHash).not.toBe(contentIdentity(message(body)).contentHash);
      }),
    );
  });

  it('may carry the same Message-ID', () => {
    const other = message('text', [
      ...headers.slice(0, 2),
      'Date: Mon, 23 Nov 2026 10:00:00 +0900',
      ...headers.slice(3),
    ]);
    expect(contentIdentity(other)).not.toEqual(contentIdentity(message('text')));
  });

  it('is not the same for having one more line in the middle', () => {
    expect(contentIdentity(message('a\r\n\r\nb')).contentHash).not.toBe(contentIdentity(message('a\r\nb')).contentHash);
  });
});

describe('a mail without headers', () => {
  const nothing: Omit<MailIdentity, 'contentHash'> = { messageId: null, date: null, from: null };

  it('has its content', () => {
    expect(contentIdentity(message('text', []))).toMatchObject(nothing);
    expect(contentIdentity(message('text', [])).contentHash).toBe(contentIdentity(message('text')).contentHash);
  });

  it('keeps a date that cannot be read as it stands', () => {
    expect(contentIdentity(message('text', ['Date:  some\r\n day '])).date).toBe('some day');
  });

  it('hashes nothing as SHA-256 does', () => {
    // FIPS 180-4: the digest of the empty message.
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(contentIdentity(Buffer.alloc(0)).contentHash).toBe(empty);
    expect(contentIdentity(message(' \r\n\r\n')).contentHash).toBe(empty);
  });
});
