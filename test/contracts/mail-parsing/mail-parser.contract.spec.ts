import {
  createMailParser,
  contentIdentity,
  MailUnreadable,
  readMail,
  summarizeMail,
  type MailParser,
} from '@libs/mail-parsing';
import { afterEach, describe, expect, it } from 'vitest';

// The pool: the same answers as on this thread, and no message that takes it down.

const ordinary = Buffer.from(
  [
    'From: =?UTF-8?B?5bGx55Sw?= <taro@example.jp>',
    'Subject: =?ISO-2022-JP?B?GyRCMnE1RBsoQg==?=',
    'Message-ID: <1@example.jp>',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/html; charset=UTF-8',
    '',
    '<p>本文<img src="cid:a"><script>alert(1)</script></p>',
    '--x',
    'Content-Type: image/png; name="a.png"',
    'Content-ID: <a>',
    'Content-Transfer-Encoding: base64',
    '',
    'QUJD',
    '--x--',
  ].join('\r\n'),
);
const nested = Buffer.from(
  Array.from(
    { length: 500 },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${String(n)}\r\n\r\n--b${String(n)}\r\n`,
  ).join(''),
);
/** Takes far longer and far more memory than the parsers below have. */
const exhausting = Buffer.from(`Content-Type: text/html\r\n\r\n${'<p>a</p>'.repeat(3_000_000)}`);

let parser: MailParser;
afterEach(() => parser.close());

const reasonOf = async (result: Promise<unknown>): Promise<string> => {
  const error: unknown = await result.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  if (error instanceof MailUnreadable) return error.reason;
  throw error;
};

describe('a mail parser', () => {
  it('gives what the functions give, and leaves the sources alone', async () => {
    parser = createMailParser({ threads: 1 });
    const before = Buffer.from(ordinary);
    const options = { remoteContent: 'block', attachmentUrl: '/m/1/{index}' } as const;
    expect(await parser.readMail(ordinary, options)).toEqual(readMail(ordinary, options));
    expect((await parser.readMail(ordinary, options)).safeHtml).toBe('<p>本文<img src="/m/1/0" /></p>');
    expect(await parser.attachmentContent(ordinary, 0)).toEqual({
      name: 'a.png',
      type: 'image/png',
      bytes: new Uint8Array([65, 66, 67]),
    });
    expect(await parser.summarize([ordinary])).toEqual([
      { ok: true, summary: summarizeMail(ordinary), identity: contentIdentity(ordinary) },
    ]);
    expect(ordinary.equals(before)).toBe(true);
  });

  it('summarises many in their order, whatever some of them are', async () => {
    parser = createMailParser({ threads: 2 });
    const sources = Array.from({ length: 300 }, (_, n) =>
      n % 100 === 7 ? nested : Buffer.from(`Subject: ${String(n)}\r\n\r\n`),
    );
    const outcomes = await parser.summarize(sources);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.summary.subject : outcome.error.reason))).toEqual(
      sources.map((_, n) => (n % 100 === 7 ? 'nested-too-deep' : String(n))),
    );
  });

  it('rejects what is beyond its limits', async () => {
    parser = createMailParser({ threads: 1, limits: { textBytes: 5 } });
    expect(await reasonOf(parser.readMail(ordinary))).toBe('decoded-too-large');
    expect(await reasonOf(parser.attachmentContent(ordinary, 1))).toBe('no-such-attachment');
    expect((await parser.readMail(ordinary, { limits: { textBytes: 500 } })).subject).toBe('会議');
  });

  it('gives a message up that takes too long, and goes on', async () => {
    parser = createMailParser({ threads: 1, timeoutMs: 1_500, maxMemoryMb: 2_000 });
    const slow = reasonOf(parser.readMail(exhausting));
    const behind = parser.summarize([ordinary]);
    expect(await slow).toBe('timeout');
    expect((await behind)[0]).toMatchObject({ ok: true });
    expect((await parser.readMail(ordinary)).subject).toBe('会議');
  });

  it('gives a message up that takes too much memory, and goes on', async () => {
    parser = createMailParser({ threads: 1, timeoutMs: 50_000, maxMemoryMb: 48 });
    expect(await reasonOf(parser.readMail(exhausting))).toBe('out-of-memory');
    expect((await parser.readMail(ordinary)).subject).toBe('会議');
  });

  it('rejects everything once it is closed, under way or not', async () => {
    parser = createMailParser({ threads: 1 });
    const underWay = parser.readMail(exhausting);
    const waiting = parser.summarize([ordinary]);
    const rejected = Promise.allSettled([underWay, waiting]);
    await parser.close();
    expect((await rejected).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(underWay).rejects.toThrow('closed');
    await expect(parser.readMail(ordinary)).rejects.toThrow('closed');
    await parser.close();
  });
});
