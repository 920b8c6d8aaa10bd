import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachmentContent } from './attachment-content.js';
import { decodeText } from './charset/decode-text.js';
import { contentIdentity } from './content-identity.js';
import { sanitizeMailHtml } from './html/sanitize-mail-html.js';
import { readMail } from './read-mail.js';
import { summarizeMail } from './summarize-mail.js';

// The same bytes in every run; a longer run with another seed is made by hand.
fc.configureGlobal({ seed: 20_261_122 });

/** Pieces that mail is made of, so that random mail gets past the first line. */
const pieces = fc.constantFrom(
  'From: ',
  'To: ',
  'Subject: ',
  'Date: ',
  'Message-ID: ',
  'Content-Type: ',
  'Content-Disposition: attachment; ',
  'Content-Transfer-Encoding: ',
  'Content-ID: <a>',
  'text/plain; charset=',
  'text/html',
  'multipart/mixed; boundary=x',
  'multipart/alternative; boundary=y',
  'message/rfc822',
  'application/ms-tnef',
  'iso-2022-jp',
  'Shift_JIS',
  'utf-16',
  'utf-7',
  "filename*0*=utf-8''",
  'filename="',
  'name=',
  '=?utf-8?B?',
  '=?iso-2022-jp?Q?',
  '?=',
  'base64',
  'quoted-printable',
  'uuencode',
  'format=flowed',
  '--x',
  '--y',
  '--x--',
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '\r\n ',
  ';',
  '"',
  '<',
  '>',
  ',',
  '=',
  '=E3=81=82',
  '44GC',
  '\x1b$B',
  '\x1b(B',
  '\x1b(I',
  '\x0e',
  '\0',
  '\xff',
  '\x82\xa0',
  '\xa4\xa2',
  '<p style="',
  '<img src="cid:a">',
  '<!--',
  '&#',
  'begin 644 a\n',
  '\x78\x9f\x3e\x22\x01\0',
);
const mail = fc
  .array(fc.oneof({ weight: 4, arbitrary: pieces }, fc.uint8Array({ maxLength: 6 })), { maxLength: 60 })
  .map((parts) => Buffer.concat(parts.map((one) => (typeof one === 'string' ? Buffer.from(one, 'latin1') : one))));
const source = fc.oneof(mail, fc.uint8Array({ maxLength: 400 }));

/** Every string anywhere in a value. */
function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value !== null && typeof value === 'object') for (const one of Object.values(value)) yield* strings(one);
}

function expectCleanText(value: unknown): void {
  for (const text of strings(value)) {
    expect(text.isWellFormed()).toBe(true);
    expect(text).not.toContain('\0');
  }
}

describe('any bytes', () => {
  it('are a mail with well-formed text, in summary and in full, and both agree', () => {
    fc.assert(
      fc.property(source, (bytes) => {
        const summary = summarizeMail(bytes);
        const read = readMail(bytes);
        expectCleanText(read);
        expect(read).toMatchObject(summary);
        expect(read.hasAttachments).toBe(read.attachments.some(({ inline }) => !inline));
        expect(contentIdentity(bytes, summary)).toEqual(contentIdentity(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it('give each attachment under its index, as large as was said, with a name that is safe', () => {
    fc.assert(
      fc.property(source, (bytes) => {
        for (const { index, name, type, size } of readMail(bytes).attachments) {
          const content = attachmentContent(bytes, index);
          expect(content).toMatchObject({ name, type });
          expect(content.bytes.byteLength).toBe(size);
          expect(name).toMatch(/^[^./\\<>:"|?*\p{Cc}][^/\\<>:"|?*\p{Cc}]*$/u);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('always give the same, and stay as they are', () => {
    fc.assert(
      fc.property(source, (bytes) => {
        const before = Buffer.from(bytes);
        expect(readMail(bytes)).toEqual(readMail(Buffer.from(bytes)));
        expect(Buffer.compare(before, bytes)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('are text under any label, cut anywhere', () => {
    const labels = fc.constantFrom(
      null,
      'utf-8',
      'iso-2022-jp',
      'iso-2022-kr',
      'shift_jis',
      'euc-jp',
      'us-ascii',
      'utf-7',
      'utf-16',
      'hz-gb-2312',
      'big5',
      'gb18030',
      'cp437',
      'x',
    );
    const bytes = fc.array(fc.oneof(fc.constantFrom(0x1b, 0x24, 0x42, 0x28, 0x0a, 0x0e, 0x7e, 0x2b, 0), fc.nat(255)), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(bytes, labels, fc.boolean(), (all, label, cut) => {
        const text = decodeText(Uint8Array.from(all), label, cut);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toContain('\0');
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('any HTML', () => {
  const markup = fc.constantFrom(
    '<',
    '>',
    '</',
    '/>',
    '"',
    "'",
    '=',
    ' ',
    'a',
    'p',
    'b',
    'img',
    'src',
    'href',
    'style',
    'script',
    'svg',
    'math',
    'title',
    'table',
    'td',
    'noscript',
    'textarea',
    'javascript:',
    'https://t.example/x',
    'cid:a',
    'url(',
    ')',
    ';',
    'color:red',
    'position:fixed',
    'onerror=x',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '&lt;',
    '&#x3c;',
    '&quot;',
    '\0',
    '\ud800',
    '`',
    '<b>',
    '</b>',
    '<div>',
    '</div>',
  );
  const html = fc.array(markup, { maxLength: 40 }).map((parts) => parts.join(''));
  const options = { remoteContent: 'block', cidUrl: () => '/attachments/0' } as const;

  it('comes out balanced, harmless and loading nothing, and cleaning it twice changes nothing', () => {
    fc.assert(
      fc.property(html, (dirty) => {
        const { html: clean } = sanitizeMailHtml(dirty, options);
        for (const [tag] of clean.matchAll(/<[^>]*>/g)) {
          expect(tag).toMatch(
            /^<(?:\/?(?:a|p|b|td|table|div)|img)(?: (?:style|src|href|target|rel)="[^"<>]*")*(?: \/)?>$/,
          );
          expect(tag).not.toMatch(/t\.example(?=.*src=)|src="(?!\/attachments\/0)|javascript:|position|url\(/);
        }
        expect(clean.isWellFormed()).toBe(true);
        expect(sanitizeMailHtml(clean.replaceAll('/attachments/0', 'cid:a'), options).html).toBe(clean);
        for (const tag of ['a', 'b', 'div', 'table', 'td']) {
          expect(clean.split(new RegExp(`<${tag}[ >]`)).length, tag).toBe(clean.split(`</${tag}>`).length);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
