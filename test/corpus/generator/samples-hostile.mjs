import { b, base64, bytes, mail, multi, part, textMail, withParts } from './mail.mjs';

const sample = (name, about, mail_, expected) => ({ name: `odd-${name}`, about, mail: mail_, expected });

export const samples = [
  sample('nul-in-body', 'NUL is no text', textMail('UTF-8', 'a\0b\0'), { text: 'ab' }),
  sample('nul-in-headers', 'NUL in a header', mail({ Subject: 'a\0b' }, 'text'), { subject: 'ab', text: 'text' }),
  sample('lone-surrogate-utf16', 'A lone surrogate in UTF-16', textMail('utf-16le', base64(Buffer.from([0x61, 0, 0x3d, 0xd8, 0x62, 0])), { encoding: 'base64' }), { text: 'a\ufffdb' }),
  sample('lone-surrogate-utf7', 'A lone surrogate in UTF-7', textMail('utf-7', 'a+2D0-b'), { text: 'a\ufffdb' }),
  sample('overlong-utf8', 'Overlong UTF-8 does not spell a slash: it is no UTF-8, and is read as EUC-JP', withParts([part({ 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename*=UTF-8''a%C0%AFb.pdf` }, '')]), { text: '本文です。', attachments: [{ name: 'a政b.pdf' }] }),
  sample('header-injection', 'An encoded line end makes no header', mail({ Subject: b('UTF-8', 'x\r\nFrom: evil@example.com') }, 'text'), { subject: 'x From: evil@example.com', from: { name: 'Taro Yamada', address: 'taro@example.jp' }, text: 'text' }),
  sample('closed-from-the-start', 'The closing delimiter comes first', mail({ 'Content-Type': 'multipart/mixed; boundary=x' }, '--x--\r\ntext\r\n'), { text: '--x--\ntext\n' }),
  sample('ten-deep', 'Ten multiparts inside each other', mail({ 'Content-Type': 'multipart/mixed; boundary=b0' }, nested(0)), { text: '底' }),
  sample('many-quotes', 'Quotes and brackets that never close', mail({ To: '"'.repeat(50) + '('.repeat(50) + '<'.repeat(50), 'Content-Type': 'text/plain; charset="utf-8' }, '本文'), { text: '本文' }),
  sample('script-only', 'HTML of nothing but script', textMail('UTF-8', '<script>alert(1)</script>', { type: 'text/html' }), { text: null, preview: '', safeHtml: '' }),
  sample('bidi-in-subject', 'Direction marks stay in a subject, as Arabic and Hebrew need them; overrides go, as they turn what stands behind', mail({ Subject: b('UTF-8', 'a\u200fb\u202ec') }, 'text'), { subject: 'a\u200fbc', text: 'text' }),
  sample('boundary-is-empty', 'An empty boundary', mail({ 'Content-Type': 'multipart/mixed; boundary=""' }, bytes('--\r\n\r\ntext\r\n----\r\n')), { text: '--\n\ntext\n----\n' }),
  sample('parameters-forever', 'A parameter in a thousand sections', withParts([part({ 'Content-Type': `application/pdf; ${Array.from({ length: 600 }, (_, i) => `name*${i}=a`).join('; ')}` }, '')]), { text: '本文です。', attachments: [{ name: 'a'.repeat(150), type: 'application/pdf' }] }),
];

function nested(depth) {
  if (depth === 9) return multi('b9', part({ 'Content-Type': 'text/plain; charset=UTF-8' }, '底'));
  return multi(`b${depth}`, part({ 'Content-Type': `multipart/mixed; boundary=b${depth + 1}` }, nested(depth + 1)));
}
