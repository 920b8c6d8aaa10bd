import { describe, expect, it } from 'vitest';
import { attachmentContent } from './attachment-content.js';
import { contentIdentity } from './content-identity.js';
import { sanitizeMailHtml } from './html/sanitize-mail-html.js';
import { MailUnreadable } from './mail-unreadable.error.js';
import { type ParseLimits } from './parse-limits.js';
import { readMail } from './read-mail.js';
import { summarizeMail } from './summarize-mail.js';

// Mail made to hurt. Nothing is timed: each of these inputs takes milliseconds to a second when reading is linear, and
// hours when it is quadratic, so that the runner's time limit tells the two apart.

const text = (fields: string, body = ''): Buffer => Buffer.from(`${fields}\r\n\r\n${body}`, 'latin1');
const part = (fields: string, body: string): string => `--x\r\n${fields}\r\n\r\n${body}\r\n`;
const mixed = (...parts: string[]): Buffer =>
  text('Content-Type: multipart/mixed; boundary=x', `${parts.join('')}--x--\r\n`);
const reasonOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof MailUnreadable) return error.reason;
    throw error;
  }
  return 'readable';
};
const everything = (source: Buffer): void => {
  summarizeMail(source);
  contentIdentity(source);
  for (const { index } of readMail(source).attachments.slice(0, 3)) attachmentContent(source, index);
};

function nested(depth: number): Buffer {
  const open = Array.from(
    { length: depth },
    (_, level) => `Content-Type: multipart/mixed; boundary=b${String(level)}\r\n\r\n--b${String(level)}\r\n`,
  );
  return Buffer.from(`${open.join('')}\r\ndeep`);
}

describe('limits', () => {
  it('a hundred levels are read, more are not', () => {
    expect(readMail(nested(100)).text).toBe('deep');
    expect(reasonOf(() => summarizeMail(nested(101)))).toBe('nested-too-deep');
    expect(reasonOf(() => summarizeMail(nested(1_000)))).toBe('nested-too-deep');
  });

  it('ten thousand parts are read, a hundred thousand are not', () => {
    const parts = (count: number): Buffer => mixed(part('Content-Type: application/pdf', '').repeat(count));
    expect(readMail(parts(9_999)).attachments).toHaveLength(9_999);
    expect(reasonOf(() => summarizeMail(parts(100_000)))).toBe('too-many-parts');
  });

  it('fifty megabytes of headers are not read', () => {
    const line = `X-Filler: ${'x'.repeat(70)}\r\n`;
    expect(reasonOf(() => summarizeMail(Buffer.from(line.repeat(600_000))))).toBe('headers-too-large');
    expect(reasonOf(() => summarizeMail(mixed(part(line.repeat(60_000).trim(), ''))))).toBe('headers-too-large');
    expect(summarizeMail(text(`${line.repeat(40_000)}Subject: a`)).subject).toBe('a');
  });

  it('more text than anybody reads is not read, but listed', () => {
    const limits: Partial<ParseLimits> = { textBytes: 1_000 };
    const long = text('Content-Type: text/plain', 'a '.repeat(501));
    expect(reasonOf(() => readMail(long, { limits }))).toBe('decoded-too-large');
    expect(summarizeMail(long, { limits }).preview).toHaveLength(199);
  });

  it('an attachment beyond the limit is not decoded, but listed', () => {
    const limits: Partial<ParseLimits> = { decodedBytes: 1_000 };
    const large = mixed(part('Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64', 'QUJD'.repeat(500)));
    expect(readMail(large, { limits }).attachments[0]).toMatchObject({ size: 1_500 });
    expect(reasonOf(() => attachmentContent(large, 0, { limits }))).toBe('decoded-too-large');
    expect(attachmentContent(large, 0).bytes).toHaveLength(1_500);
  });

  it('encoded words beyond the limit stay as they are', () => {
    const subject = summarizeMail(text('Subject: =?UTF-8?Q?a?= =?UTF-8?Q?b?= =?UTF-8?Q?c?='), {
      limits: { encodedWords: 2 },
    }).subject;
    expect(subject).toBe('ab =?UTF-8?Q?c?=');
  });

  it('a winmail.dat of a million files is not opened', () => {
    const rendering = Buffer.from('0202900600000000000000', 'hex');
    const tnef = Buffer.concat([Buffer.from('789f3e220100', 'hex'), ...Array<Buffer>(100_000).fill(rendering)]);
    const source = text(
      'Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64',
      tnef.toString('base64'),
    );
    expect(reasonOf(() => readMail(source))).toBe('too-many-parts');
  });

  it('messages inside messages inside winmail.dat are opened three deep', () => {
    expect(readMail(text('Content-Type: application/ms-tnef', nestedTnef(50).toString('latin1'))).attachments).toEqual([
      expect.objectContaining({ name: 'attachment-1.bin', type: 'application/octet-stream' }),
    ]);
  });

  it.each([
    ['Content-Length', text('Content-Length: 999999999999', 'abc'), 'abc'],
    [
      'uuencode',
      text('Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode', 'begin 644 a\r\nMabc\r\nend\r\n'),
      null,
    ],
    ['yEnc', text('Content-Type: text/plain', '=ybegin line=128 size=999999999999 name=a\r\nabc'), null],
    ['message/partial', text('Content-Type: message/partial; id=x; number=1; total=4294967295', 'abc'), null],
    [
      'a section of a parameter',
      text('Content-Type: text/plain; name*4294967295=a; charset*4294967295=b', 'abc'),
      'abc',
    ],
    ['a compressed body', text('Content-Encoding: gzip\r\nContent-Transfer-Encoding: x-gzip64', 'abc'), 'abc'],
  ])('gigabytes that are only claimed take no room: %s', (_claim, source, wanted) => {
    const mail = readMail(source);
    if (wanted !== null) expect(mail.text?.trim()).toBe(wanted);
    expect((mail.text ?? '').length).toBeLessThan(200);
    for (const { index, size } of mail.attachments) {
      expect(size).toBeLessThan(200);
      expect(attachmentContent(source, index).bytes.length).toBeLessThan(200);
    }
  });

  it('an attachment that is not there says so', () => {
    expect(reasonOf(() => attachmentContent(text('Subject: a'), 0))).toBe('no-such-attachment');
    expect(reasonOf(() => attachmentContent(mixed(part('Content-Type: image/png', '')), -1))).toBe(
      'no-such-attachment',
    );
  });
});

/** A winmail.dat whose only attachment is a message, whose only attachment is a message … */
function nestedTnef(depth: number): Buffer {
  const head = Buffer.from('789f3e220100', 'hex');
  if (depth === 0) return head;
  const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
  const object = Buffer.concat([Buffer.from('0703020000000000c000000000000046', 'hex'), nestedTnef(depth - 1)]);
  const padding = Buffer.alloc((4 - (object.length % 4)) % 4);
  const properties = Buffer.concat([
    u32(1),
    Buffer.from('0d000137', 'hex'),
    u32(1),
    u32(object.length),
    object,
    padding,
  ]);
  const attribute = (id: number, data: Buffer): Buffer =>
    Buffer.concat([Buffer.from([2]), u32(id), u32(data.length), data, Buffer.alloc(2)]);
  return Buffer.concat([head, attribute(0x00069002, Buffer.alloc(14)), attribute(0x00069005, properties)]);
}

const MB = 1024 * 1024;
const fill = (unit: string, bytes = MB): string => unit.repeat(Math.ceil(bytes / unit.length));

const headers: readonly (readonly [trick: string, field: string])[] = [
  ['encoded words without end', `Subject: ${fill('=?x?q?a')}`],
  ['encoded words without heads', `Subject: ${fill('=?')}`],
  ['encoded words everywhere', `Subject: ${fill('=?utf-8?q?a?= ')}`],
  ['encoded words in ever other charsets', `Subject: ${fill('=?utf-8?q?a?= =?sjis?q?a?= =?euc-jp?q?a?= ')}`],
  ['ends without beginnings', `Subject: ${fill('?= ')}`],
  ['padding everywhere', `Subject: =?utf-8?b?${fill('A=')}?=`],
  ['carriage returns', `Subject: a${fill('\r')}b`],
  ['folds', `Subject: a${fill('\r\n ')}b`],
  ['white space', `Subject: a${fill(' \t')}b`],
  ['escape characters', `Subject: ${fill('\x1b')}`],
  ['escape sequences', `Subject: ${fill('\x1b$B\x1b(B')}`],
  ['charsets by escape', `Subject: ${fill('\x1b$B!!\x1b$A!!\x1b$(C!!')}`],
  ['commas', `To: ${fill(',')}`],
  ['names and commas', `To: ${fill('a,')}`],
  ['addresses', `To: ${fill('a@b.example,')}`],
  ['quotes', `To: ${fill('"')}`],
  ['backslashes', `To: "${fill('\\')}`],
  ['opening brackets', `To: ${fill('<')}`],
  ['opening comments', `To: ${fill('(')}`],
  ['comments', `To: ${fill('()')}`],
  ['groups', `To: ${fill('a:')}`],
  ['at signs', `From: ${fill('@')}`],
  ['at signs in brackets', `From: ${fill('<a@')}`],
  ['encoded heads in addresses', `To: ${fill('=?x?q?a')}`],
  ['routes', `To: <${fill('@a,')}:b@c>`],
  ['ids', `References: ${fill('<a@b>')}`],
  ['brackets in ids', `References: ${fill('<')}`],
  ['date of digits', `Date: ${fill('1 ')}`],
  ['date of comments', `Date: ${fill('(')}`],
  ['parameters', `Content-Type: text/plain; ${fill('a=b;')}`],
  ['parameters without semicolons', `Content-Type: text/plain; ${fill('a=b ')}`],
  ['one parameter', `Content-Type: text/plain; ${fill('a=')}`],
  ['parameter quotes', `Content-Type: text/plain; ${fill('a="')}`],
  ['parameter backslashes', `Content-Type: text/plain; a="${fill('\\')}`],
  [
    'sections',
    `Content-Disposition: attachment; ${Array.from({ length: 60_000 }, (_, n) => `filename*${String(n)}*=%41`).join(';')}`,
  ],
  ['percent signs', `Content-Disposition: attachment; filename*=utf-8''${fill('%')}`],
  ['boundary', `Content-Type: multipart/mixed; boundary="${fill('a')}"`],
  ['charset', `Content-Type: text/plain; charset="${fill('a')}"`],
  ['fields without colon', fill('a\r\n')],
  ['empty fields', fill('a:\r\n').trimEnd()],
  ['fields of one name', fill('To: a@b.example\r\n').trimEnd()],
];

const bodies: readonly (readonly [trick: string, fields: string, body: string])[] = [
  ['dashes', 'Content-Type: multipart/mixed; boundary=x', fill('-')],
  ['dashed lines', 'Content-Type: multipart/mixed; boundary=x', fill('--\n')],
  ['almost delimiters', 'Content-Type: multipart/mixed; boundary=x', fill('--y\n')],
  ['almost closing', 'Content-Type: multipart/mixed; boundary=x', fill('--x-\n')],
  ['multipart without parts', 'Content-Type: multipart/mixed', fill('--aaaaaaa')],
  ['quoted-printable equals', 'Content-Transfer-Encoding: quoted-printable', fill('=')],
  ['quoted-printable spaces', 'Content-Transfer-Encoding: quoted-printable', fill('= ')],
  ['quoted-printable white space', 'Content-Transfer-Encoding: quoted-printable', `=${fill(' ')}`],
  ['base64 padding', 'Content-Transfer-Encoding: base64', fill('A=')],
  ['base64 debris', 'Content-Transfer-Encoding: base64', fill('*')],
  ['uuencode lengths', 'Content-Transfer-Encoding: uuencode', fill('M\n')],
  ['flowed quotes', 'Content-Type: text/plain; format=flowed', fill('>')],
  ['flowed lines', 'Content-Type: text/plain; format=flowed; delsp=yes', fill('> \n')],
  ['escape sequences', 'Content-Type: text/plain; charset=iso-2022-jp', fill('\x1b$B')],
  ['lines in two-byte state', 'Content-Type: text/plain; charset=iso-2022-jp', fill('\x1b$B$"\n')],
  ['one line in two-byte state', 'Content-Type: text/plain; charset=iso-2022-jp', `\x1b$B$"\n${fill('$"')}`],
  ['carriage returns', 'Content-Type: text/plain', `${fill('\r')}a`],
  ['CESU-8', 'Content-Type: text/plain; charset=utf-8', fill('\xed\xa0\xbd')],
  ['tag openings', 'Content-Type: text/html', fill('<')],
  ['tags', 'Content-Type: text/html', fill('<b>')],
  ['tags without end', 'Content-Type: text/html', fill('<b ')],
  ['comment openings', 'Content-Type: text/html', fill('<!--')],
  ['declarations', 'Content-Type: text/html', fill('<!')],
  ['styles never closed', 'Content-Type: text/html', fill('<style>')],
  ['scripts never closed', 'Content-Type: text/html', fill('<script>')],
  ['quotes never closed', 'Content-Type: text/html', fill('<a b="')],
  ['both quotes', 'Content-Type: text/html', fill('<a b="c\' d=\'e">')],
  ['ampersands', 'Content-Type: text/html', fill('&')],
  ['references', 'Content-Type: text/html', fill('&#')],
  ['attributes', 'Content-Type: text/html', `<p ${fill('a=b ')}>`],
  [
    'distinct attributes',
    'Content-Type: text/html',
    `<p ${Array.from({ length: 100_000 }, (_, n) => `a${String(n)}=b`).join(' ')}>`,
  ],
  ['cells', 'Content-Type: text/html', fill('<td>')],
  ['line breaks', 'Content-Type: text/html', fill('<br> ')],
  ['meta', 'Content-Type: text/html', fill('<meta ')],
  ['references to parts', 'Content-Type: text/html', fill('cid:')],
];

const styles: readonly (readonly [trick: string, style: string])[] = [
  ['comments', fill('/*')],
  ['closed comments', fill('/**/')],
  ['brackets', fill('(')],
  ['quotes', fill("'")],
  ['semicolons', fill(';')],
  ['colons', fill('color:')],
  ['values', `color: ${fill('a ')}`],
  ['declarations', fill('color:red;')],
  ['functions', `color: ${fill('rgb(')}`],
  ['addresses', `background: ${fill('url(')}`],
  ['closed addresses', `background: ${fill('url(x) ')}`],
  ['exclamation marks', `color: !${fill(' ')}`],
  ['a data address', `background: url(data:image/png;base64,${fill('A')})`],
];

describe('quadratic traps', () => {
  it.each(headers)('header: %s', (_trick, field) => {
    everything(text(field));
  });

  it.each(bodies)('body: %s', (_trick, fields, body) => {
    everything(text(fields, body));
  });

  it.each(bodies)('attachment: %s', (_trick, fields, body) => {
    everything(
      mixed(part('Content-Type: text/plain', 'a'), part(`${fields}\r\nContent-Disposition: attachment`, body)),
    );
  });

  it.each(styles)('style: %s', (_trick, style) => {
    sanitizeMailHtml(`<p style="${style}">a</p>`, { remoteContent: 'allow', cidUrl: () => null });
  });

  it('ten thousand named parts', () => {
    const files = Array.from({ length: 9_000 }, (_, n) =>
      part(
        `Content-Type: image/png\r\nContent-ID: <${String(n)}@x>\r\nContent-Disposition: inline; filename*=utf-8''%E3%81%82`,
        'a',
      ),
    );
    const html = part(
      'Content-Type: text/html',
      Array.from({ length: 9_000 }, (_, n) => `<img src="cid:${String(n)}@x">`).join(''),
    );
    const source = mixed(html, ...files);
    expect(summarizeMail(source).hasAttachments).toBe(false);
    expect(readMail(source).attachments).toHaveLength(9_000);
  });
});
