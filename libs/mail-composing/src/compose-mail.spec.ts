import { Readable } from 'node:stream';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { composeMail } from './compose-mail.js';
import { type MailDraft } from './mail-draft.js';

const letter: MailDraft = {
  from: { name: '営業 太郎', address: 'taro@sample.example' },
  to: [{ name: '田中', address: 'tanaka..t.@docomo.example' }],
  cc: [],
  subject: '【重要】面談のご案内（㈱サンプル）①〜③の件、ご確認をお願いいたします',
  text: 'お世話になっております。\nよろしくお願いいたします。',
  html: null,
  attachments: [],
  messageId: '<mail-1@sample.example>',
  date: new Date('2026-11-01T00:00:00Z'),
  inReplyTo: null,
  references: [],
  headers: { 'X-HRBC-Mail-Id': 'mail-1' },
};
const RIREKISHO = '職務経歴書（田中太郎）2026年版 〜最終〜.pdf';

async function compose(changes: Partial<MailDraft>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of composeMail({ ...letter, ...changes })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const aFile = (name: string, type: string) => ({ name, type, content: Buffer.from('x'), contentId: null });

const headOf = (mail: Buffer): string => mail.toString().split('\r\n\r\n', 1)[0] ?? '';

/** Media types of the parts, in order, those of the multiparts around them aside. */
const typesIn = (mail: Buffer): string[] =>
  [...mail.toString().matchAll(/^Content-Type: (?!multipart)([^;\r]+)/gm)].map(([, type]) => type ?? '');

describe('a composed mail', () => {
  it('reads back as it was written, by two parsers', async () => {
    const mail = await compose({});
    const [one, other] = [await simpleParser(mail), await PostalMime.parse(mail)];
    expect(one.subject).toBe(letter.subject);
    expect(other.subject).toBe(letter.subject);
    expect(one.from?.value).toEqual([{ name: '営業 太郎', address: 'taro@sample.example' }]);
    expect(one.text?.trim()).toBe(letter.text);
    expect(one.messageId).toBe('<mail-1@sample.example>');
    expect(one.headers.get('x-hrbc-mail-id')).toBe('mail-1');
  });

  it('is ASCII in short lines that end in CRLF', async () => {
    const mail = (await compose({ text: 'あ'.repeat(2_000), subject: '件名'.repeat(200) })).toString('latin1');
    expect(mail).not.toMatch(/[^\x00-\x7f]/);
    expect(mail.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of mail.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  });

  it('quotes addresses of carriers that no standard allows', async () => {
    expect(headOf(await compose({}))).toContain('<"tanaka..t."@docomo.example>');
  });

  it('names files for Outlook and for old programs', async () => {
    const attachments = [
      { name: RIREKISHO, type: 'application/pdf', content: Readable.from([Buffer.from('%PDF')]), contentId: null },
    ];
    const mail = await compose({ attachments });
    expect(mail.toString()).toMatch(/filename\*0\*=utf-8''/);
    expect(mail.toString()).toMatch(/name="=\?UTF-8\?B\?/);
    for (const name of [
      (await simpleParser(mail)).attachments[0]?.filename,
      (await PostalMime.parse(mail)).attachments[0]?.filename,
    ]) {
      expect(name).toBe(RIREKISHO);
    }
    // Programs that know RFC 2047 only read the name of Content-Type.
    const withoutRfc2231 = Buffer.from(
      mail
        .toString()
        .replace(/^ filename\*\d\*=[^\r]*\r\n/gm, '')
        .replace('attachment;\r\n', 'attachment\r\n'),
    );
    expect((await simpleParser(withoutRfc2231)).attachments[0]?.filename).toBe(RIREKISHO);
  });

  it('holds images that its HTML names', async () => {
    const logo = { name: 'ロゴ.png', type: 'image/png', content: Buffer.from('png'), contentId: 'logo@mail' };
    const mail = await simpleParser(
      await compose({ html: '<p><img src="cid:logo@mail">はい</p>', attachments: [logo] }),
    );
    expect(mail.attachments).toMatchObject([{ cid: 'logo@mail', contentDisposition: 'inline', related: true }]);
    expect(mail.text).toContain('よろしく');
  });

  it('belongs to its thread', async () => {
    const head = headOf(await compose({ inReplyTo: '<b@x.example>', references: ['<a@x.example>', '<b@x.example>'] }));
    expect(head).toContain('In-Reply-To: <b@x.example>');
    expect(head).toContain('References: <a@x.example> <b@x.example>');
  });

  it.each([
    ['the subject', { subject: '件名\r\nBcc: evil@x.example\r\n\r\nbody' }],
    ['a name', { from: { name: '太郎\r\nBcc: evil@x.example', address: 'taro@sample.example' } }],
    ['a recipient’s name', { to: [{ name: 'a\nBcc: evil@x.example', address: 'b@x.example' }] }],
    ['a separator of Unicode', { subject: '件名\u2028Bcc: evil@x.example' }],
    [
      'a file name',
      {
        attachments: [
          { name: 'a"\r\nBcc: evil@x.example', type: 'text/plain', content: Buffer.from('x'), contentId: null },
        ],
      },
    ],
  ])('lets nobody add a header through %s', async (_where, changes) => {
    const mail = await compose(changes);
    expect(mail.toString()).not.toMatch(/^Bcc:/im);
    expect((await simpleParser(mail)).bcc).toBeUndefined();
  });

  it('refuses an address that is none', () => {
    const to = [{ name: '', address: 'a@b.example>\r\nRCPT TO:<evil@x.example' }];
    expect(() => composeMail({ ...letter, to })).toThrow('Not an address.');
  });

  it('keeps lines of dots', async () => {
    const dots = '.\n..\n.点で始まる行';
    expect((await simpleParser(await compose({ text: dots }))).text?.trim()).toBe(dots);
  });

  it.each([
    ['nothing', { text: null, html: null }],
    ['an empty text', { text: '', html: null }],
    ['empty HTML', { text: null, html: '' }],
    ['both empty', { text: '', html: '' }],
  ])('has a text in front of a single file, where its author wrote %s', async (_what, changes) => {
    const mail = await compose({ ...changes, attachments: [aFile('a.pdf', 'application/pdf')] });
    expect(headOf(mail)).toContain('Content-Type: multipart/mixed;');
    const [text, file, ...others] = typesIn(mail);
    expect([text, file, others]).toEqual(['text/plain', 'application/pdf', []]);
    const { text: read, attachments } = await PostalMime.parse(mail);
    expect(read?.trim()).toBe('');
    expect(attachments).toMatchObject([{ filename: 'a.pdf' }]);
  });

  it('has HTML and no text, where its author wrote HTML only', async () => {
    const mail = await compose({ text: null, html: '<p>はい</p>', attachments: [aFile('a.pdf', 'application/pdf')] });
    expect(typesIn(mail)).toEqual(['text/html', 'application/pdf']);
  });

  it.each(['message/rfc822', 'Message/RFC822', 'message/delivery-status', 'message/global'])(
    'carries %s as a file, since base64 is forbidden for it',
    async (type) => {
      const inner = Buffer.from('Subject: inner\r\n\r\ninner text\r\n');
      const mail = await compose({ attachments: [{ ...aFile('転送.eml', type), content: inner }] });
      expect(mail.toString()).not.toMatch(/^Content-Type: message\//im);
      const { attachments } = await PostalMime.parse(mail);
      expect(attachments).toMatchObject([
        { filename: '転送.eml', mimeType: 'application/octet-stream', disposition: 'attachment' },
      ]);
      expect(Buffer.from(attachments[0]!.content as ArrayBuffer)).toEqual(inner);
    },
  );

  it('writes names and the subject in characters of one piece, as Windows shows them', async () => {
    const decomposed = 'デザイナー職務経歴書パート'.normalize('NFD');
    const mail = await compose({
      subject: decomposed,
      from: { name: decomposed, address: 'taro@sample.example' },
      to: [{ name: decomposed, address: 'sato@customer.example' }],
      attachments: [aFile(`${decomposed}.pdf`, 'application/pdf')],
    });
    // In UTF-8 U+3099 and U+309A are E3 82 99 and E3 82 9A.
    expect(mail.toString()).not.toMatch(/%E3%82%9[9A]/i);
    const words = [...mail.toString().matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)].map(([, word]) => word);
    expect(words.length).toBeGreaterThan(3);
    for (const word of words) expect(Buffer.from(word!, 'base64').toString()).not.toMatch(/[\u3099\u309a]/);
    const { subject, from, to, attachments } = await PostalMime.parse(mail);
    const whole = decomposed.normalize('NFC');
    expect([subject, from?.name, to?.[0]?.name]).toEqual([whole, whole, whole]);
    expect(attachments[0]?.filename).toBe(`${whole}.pdf`);
  });

  it('writes names in the very characters that they are written with', async () => {
    // 塚 of U+FA10 and 福 of U+FA1B are other characters of Shift_JIS than U+585A and U+798F.
    const name = '\ufa10本 \ufa1b \u212b ①㈱';
    const mail = await PostalMime.parse(await compose({ from: { name, address: 'taro@sample.example' } }));
    expect(mail.from?.name).toBe(name);
  });

  it('reads its attachments piece by piece', async () => {
    const size = 8 * 1024 * 1024;
    let waiting = 0;
    let most = 0;
    const content = Readable.from(
      (function* () {
        for (let n = 0; n < size / 65_536; n++) {
          waiting += 65_536;
          most = Math.max(most, waiting);
          yield Buffer.alloc(65_536, n);
        }
      })(),
      { objectMode: false },
    );
    const attachments = [{ name: 'a.bin', type: 'application/octet-stream', content, contentId: null }];
    let bytes = 0;
    for await (const chunk of composeMail({ ...letter, attachments })) {
      bytes += (chunk as Buffer).length;
      waiting = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(bytes).toBeGreaterThan(size);
    expect(most).toBeLessThan(size / 4);
  });
});
