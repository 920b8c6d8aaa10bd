import { jis, sjis } from './charsets.mjs';
import { attachment, b, base64, bytes, FILE, fileBody, lines, mail, multi, part, quotedPrintable, uuencode, withParts } from './mail.mjs';

const sample = (name, about, mail_, expected) => ({ name: `mime-${name}`, about, mail: mail_, expected });
const text = (body, headers = {}) => part({ 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': '8bit', ...headers }, body);
const html = (body, headers = {}) => part({ 'Content-Type': 'text/html; charset=UTF-8', 'Content-Transfer-Encoding': '8bit', ...headers }, body);
const type = (boundary, kind = 'mixed') => ({ 'Content-Type': `multipart/${kind}; boundary="${boundary}"` });
const inner = (boundary, kind, ...parts) => part(type(boundary, kind), multi(boundary, ...parts));
const pdf = (name = 'a.pdf') => attachment({ 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="${name}"` });
const image = (headers) => attachment({ 'Content-Type': 'image/png; name="logo.png"', ...headers });
const aPdf = { name: 'a.pdf', type: 'application/pdf', size: FILE.length, inline: false };
const logo = (inline) => ({ name: 'logo.png', type: 'image/png', size: FILE.length, inline });
const one = (name, about, headers, body, expected) => sample(name, about, mail(headers, body), expected);
const flowed = (delsp) => ({ 'Content-Type': `text/plain; charset=UTF-8; format=flowed${delsp ? '; delsp=yes' : ''}` });
const forwarded = mail({ Subject: b('UTF-8', '元の件名'), 'Content-Type': 'text/plain; charset=UTF-8' }, '元の本文');

export const samples = [
  sample('mixed', 'Text and an attachment', withParts([pdf()]), { text: '本文です。', html: null, hasAttachments: true, attachments: [aPdf] }),
  one('alternative', 'Plain text and HTML', type('x', 'alternative'), multi('x', text('本文'), html('<p>本文</p>')), { text: '本文', html: '<p>本文</p>', hasAttachments: false, attachments: [] }),
  one('alternative-html-first', 'In the wrong order', type('x', 'alternative'), multi('x', html('<p>本文</p>'), text('本文')), { text: '本文', html: '<p>本文</p>' }),
  one('alternative-empty-text', 'An empty text beside HTML: the preview comes from the HTML', type('x', 'alternative'), multi('x', text(' \r\n'), html('<p>本文</p>')), { text: ' \n', html: '<p>本文</p>', preview: '本文' }),
  one('related', 'HTML with its picture', type('x', 'related'), multi('x', html('<p>本文<img src="cid:logo@x"></p>'), image({ 'Content-ID': '<logo@x>', 'Content-Disposition': 'inline' })), { text: null, preview: '本文', hasAttachments: false, attachments: [logo(true)] }),
  one('related-in-alternative', 'As Apple and Gmail nest them', type('x', 'alternative'), multi('x', text('本文'), inner('y', 'related', html('<img src="cid:logo@x">本文'), image({ 'Content-ID': '<logo@x>' }))), { text: '本文', html: '<img src="cid:logo@x">本文', hasAttachments: false, attachments: [logo(true)] }),
  one('related-escaped-id', 'A Content-ID with letters that a URL escapes', type('x', 'related'), multi('x', html('<img src=cid:a%25b%40c>本文'), image({ 'Content-ID': '<a%b@c>' })), { text: null, hasAttachments: false, attachments: [logo(true)] }),
  one('unreferenced-picture', 'A picture with a Content-ID that the HTML does not show is an attachment', type('x', 'related'), multi('x', html('<p>本文</p>'), image({ 'Content-ID': '<logo@x>' })), { text: null, hasAttachments: true, attachments: [logo(false)] }),
  one('inline-photo', 'A photo between texts, as the iPhone sends it', type('x'), multi('x', text('前'), image({ 'Content-Disposition': 'inline; filename=logo.png' }), text('後')), { text: '前\n後', hasAttachments: true, attachments: [logo(false)] }),
  one('html-pdf-html', 'Apple Mail splits HTML around an attachment', type('x', 'alternative'), multi('x', text('前後'), inner('y', 'mixed', html('<p>前</p>'), pdf(), html('<p>後</p>'))), { text: '前後', html: '<p>前</p>\n<p>後</p>', attachments: [aPdf] }),
  one('text-then-html', 'A text followed by an HTML footer: neither rendering lacks the other', type('x'), multi('x', text('本文 <a@b>'), html('<p>署名</p>')), { text: '本文 <a@b>\n署名', html: '<div>本文 &lt;a@b&gt;</div>\n<p>署名</p>' }),
  one('amp', 'Gmail\'s AMP rendering is no attachment', type('x', 'alternative'), multi('x', text('本文'), part({ 'Content-Type': 'text/x-amp-html; charset=UTF-8' }, '<html amp4email></html>'), html('<p>本文</p>')), { text: '本文', html: '<p>本文</p>', hasAttachments: false, attachments: [] }),
  one('calendar', 'An invitation is an attachment', type('x', 'alternative'), multi('x', text('面接'), part({ 'Content-Type': 'text/calendar; charset=UTF-8; method=REQUEST' }, 'BEGIN:VCALENDAR\r\nEND:VCALENDAR')), { text: '面接', hasAttachments: true, attachments: [{ name: 'attachment-1.ics', type: 'text/calendar', size: 30 }] }),
  one('text-attachment', 'A text file is an attachment, not body', type('x'), multi('x', text('本文'), text('log', { 'Content-Disposition': 'attachment; filename="log.txt"' })), { text: '本文', attachments: [{ name: 'log.txt', type: 'text/plain', size: 3 }] }),
  one('text-with-name', 'A second text with a name is a file as well', type('x'), multi('x', text('本文'), text('a,b', { 'Content-Type': 'text/plain; name="a.csv"' })), { text: '本文', attachments: [{ name: 'a.csv', type: 'text/plain', size: 3 }] }),
  one('body-with-name', 'A mailer that names the body', { 'Content-Type': 'text/plain; charset=UTF-8; name="mail.txt"' }, '本文', { text: '本文', attachments: [] }),
  one('only-attachment', 'The whole message is a file', { 'Content-Type': 'application/pdf; name="a.pdf"', 'Content-Transfer-Encoding': 'base64' }, fileBody, { text: null, preview: '', hasAttachments: true, attachments: [aPdf] }),
  one('rfc822', 'A forwarded message is an attachment and not part of the text', type('x'), multi('x', text('転送します'), part({ 'Content-Type': 'message/rfc822' }, forwarded)), { text: '転送します', attachments: [{ name: '元の件名.eml', type: 'message/rfc822', size: forwarded.length }] }),
  one('rfc822-multipart', 'A forwarded multipart keeps its parts to itself', type('x'), multi('x', text('転送します'), part({ 'Content-Type': 'message/rfc822; name="fwd.eml"' }, withParts([pdf()]))), { text: '転送します', attachments: [{ name: 'fwd.eml', type: 'message/rfc822' }] }),
  one('rfc822-base64', 'A forwarded message in base64, which RFC 2046 forbids', type('x'), multi('x', text('転送します'), part({ 'Content-Type': 'message/rfc822', 'Content-Transfer-Encoding': 'base64' }, base64(forwarded))), { text: '転送します', attachments: [{ name: '元の件名.eml', size: forwarded.length }] }),
  one('rfc822-only', 'Nothing but a forwarded message', { 'Content-Type': 'message/rfc822' }, forwarded, { text: null, attachments: [{ name: '元の件名.eml' }] }),
  one('digest', 'The parts of a digest are messages unless they say otherwise (RFC 2046, 5.1.5)', type('x', 'digest'), multi('x', bytes('\r\n', forwarded)), { text: null, attachments: [{ name: '元の件名.eml', type: 'message/rfc822', size: forwarded.length }] }),
  one('bounce', 'A delivery report (RFC 3464)', { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary="x"' }, multi('x', text('配信できませんでした'), part({ 'Content-Type': 'message/delivery-status' }, 'Status: 5.1.1\r\n'), part({ 'Content-Type': 'text/rfc822-headers' }, 'Subject: a\r\n')), { text: '配信できませんでした', attachments: [{ name: 'attachment-1.txt', type: 'message/delivery-status' }, { name: 'attachment-2.txt', type: 'text/rfc822-headers' }] }),
  one('signed', 'A signature is nothing to download', { 'Content-Type': 'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="x"' }, multi('x', text('本文'), attachment({ 'Content-Type': 'application/pkcs7-signature; name="smime.p7s"' })), { text: '本文', hasAttachments: false, attachments: [{ name: 'smime.p7s', inline: true }] }),
  one('preamble-epilogue', 'Text around the parts is for old readers', type('x'), bytes('This is a MIME message.\r\n\r\n', multi('x', text('本文')), 'epilogue'), { text: '本文' }),
  one('no-closing', 'No closing delimiter', type('x'), bytes('--x\r\n', text('本文')), { text: '本文' }),
  one('inner-not-closed', 'The inner multipart is not closed', type('x'), bytes('--x\r\n', part(type('y', 'alternative'), bytes('--y\r\n', text('本文'))), '\r\n--x\r\n', pdf(), '\r\n--x--\r\n'), { text: '本文', attachments: [aPdf] }),
  one('no-boundary', 'No boundary parameter', { 'Content-Type': 'multipart/mixed' }, multi('----=_Part_1', text('本文'), pdf()), { text: '本文', attachments: [aPdf] }),
  one('wrong-boundary', 'A boundary that does not occur', type('other'), multi('----=_Part_1', text('本文'), pdf()), { text: '本文', attachments: [aPdf] }),
  one('no-parts', 'A multipart that is just a text', type('x'), '本文だけ', { text: '本文だけ', attachments: [] }),
  one('boundary-prefix', 'One boundary begins with the other', type('abc'), multi('abc', inner('abcd', 'alternative', text('本文'), html('<p>本文</p>')), pdf()), { text: '本文', attachments: [aPdf] }),
  one('same-boundary', 'Inner and outer use the same boundary', type('x'), bytes('--x\r\n', part(type('x', 'alternative'), multi('x', text('本文'))), '--x\r\n', pdf(), '\r\n--x--\r\n'), { text: '本文', attachments: [aPdf] }),
  one('boundary-special', 'A boundary with every letter allowed', { 'Content-Type': 'multipart/mixed; boundary="a\'()+_,-./:=? z"' }, multi("a'()+_,-./:=? z", text('本文')), { text: '本文' }),
  one('boundary-bare-specials', 'A boundary that should be in quotes', { 'Content-Type': 'multipart/mixed; boundary=----=_Part_1/2?' }, multi('----=_Part_1/2?', text('本文')), { text: '本文' }),
  one('boundary-trailing-space', 'White space behind the delimiter', type('x'), bytes('--x  \r\n', text('本文'), '\r\n--x--\t\r\n'), { text: '本文' }),
  one('dashes-in-text', 'Lines of dashes are no delimiters', type('x'), multi('x', text('--\r\n-----\r\n--y\r\n--x2\r\n本文')), { text: '--\n-----\n--y\n--x2\n本文' }),
  one('part-without-headers', 'A part begins with an empty line', type('x'), bytes('--x\r\n\r\nplain\r\n--x--'), { text: 'plain' }),
  one('part-headers-only', 'A part ends before its body', type('x'), bytes('--x\r\nContent-Type: text/plain\r\n--x\r\n', text('本文'), '\r\n--x--'), { text: '本文' }),
  one('base64-multipart', 'A multipart that claims base64, which is not allowed', { ...type('x'), 'Content-Transfer-Encoding': 'base64' }, multi('x', text('本文')), { text: '本文' }),
  one('type-malformed', 'Content-Type: text', { 'Content-Type': 'text' }, '本文', { text: '本文' }),
  one('type-no-semicolon', 'No semicolon before the charset', { 'Content-Type': 'text/plain charset=Shift_JIS' }, sjis('表示'), { text: '表示' }),
  one('type-comment', 'Comments in the header', { 'Content-Type': 'text/plain (plain text); charset="UTF-8" (the usual)' }, '本文', { text: '本文' }),
  one('type-upper-case', 'Upper case', { 'CONTENT-TYPE': 'TEXT/PLAIN; CHARSET=SHIFT_JIS', 'CONTENT-TRANSFER-ENCODING': 'BASE64' }, base64(sjis('表示')), { text: '表示' }),
  one('type-unknown-text', 'Another kind of text is an attachment', { 'Content-Type': 'text/csv; charset=UTF-8; name="a.csv"' }, 'a,b', { text: null, attachments: [{ name: 'a.csv', type: 'text/csv', size: 3 }] }),
  one('base64-no-padding', 'Base64 without padding', { 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': 'base64' }, base64('本文です。a').replace(/=+$/, ''), { text: '本文です。a' }),
  one('base64-debris', 'Base64 with spaces and stray letters', { 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': 'base64' }, base64('本文です。').replace(/(.{5})/g, '$1 \r\n*'), { text: '本文です。' }),
  one('base64-then-footer', 'A mailing list appended a footer in clear text', { 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': 'base64' }, lines(base64('本文です。a'), '', '_______________', 'list@example.jp'), { text: '本文です。a' }),
  one('base64-glued', 'Two base64 texts glued together', { 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': 'base64' }, lines(base64('前半a'), base64('後半')), { text: '前半a後半' }),
  one('quoted-printable', 'Quoted-printable with soft line breaks', { 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': 'quoted-printable' }, quotedPrintable('お世話になっております。面接の日程についてご連絡いたします。\r\n以上 = 100%'), { text: 'お世話になっております。面接の日程についてご連絡いたします。\n以上 = 100%' }),
  one('quoted-printable-broken', 'An = that encodes nothing stays', { 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': 'quoted-printable' }, 'a=b =zz =E3=81=82 =\r\nc = \t \r\nd', { text: 'a=b =zz あ c d' }),
  one('quoted-printable-lower', 'Lower-case digits', { 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': 'Quoted-Printable' }, '=e3=81=82', { text: 'あ' }),
  one('uuencode', 'uuencode as a transfer encoding', { 'Content-Type': 'text/plain; charset=Shift_JIS', 'Content-Transfer-Encoding': 'x-uuencode' }, uuencode(sjis('表示ソフトの予定\r\n以上です'), 'a.txt'), { text: '表示ソフトの予定\n以上です' }),
  one('uuencode-attachment', 'The same for a file', type('x'), multi('x', text('本文'), part({ 'Content-Type': 'application/octet-stream; name="a.bin"', 'Content-Transfer-Encoding': 'uuencode' }, uuencode(FILE, 'a.bin'))), { text: '本文', attachments: [{ name: 'a.bin', size: FILE.length }] }),
  one('encoding-unknown', 'A transfer encoding nobody knows', { 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': 'x-none' }, '本文', { text: '本文' }),
  one('encoding-remark', 'A remark behind the encoding', { 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': 'base64 ; (as ever)' }, base64('本文'), { text: '本文' }),
  one('flowed', 'format=flowed (RFC 3676)', flowed(false), 'This is one \r\nparagraph.\r\n\r\n> quoted \r\n> text\r\nreply \r\n-- \r\nTaro', { text: 'This is one paragraph.\n\n> quoted text\nreply \n-- \nTaro' }),
  one('flowed-delsp', 'DelSp=yes: the space at the line end was only for the transport', flowed(true), 'お世話になって \r\nおります。\r\n 字下げ', { text: 'お世話になっております。\n字下げ' }),
  one('flowed-levels', 'Lines of different quote depth do not join', flowed(false), '>> deep \r\n> less \r\nnone', { text: '>> deep \n> less \nnone' }),
  one('empty-body', 'Headers and nothing else', { 'Content-Type': 'text/plain; charset=UTF-8' }, '', { text: '', preview: '', attachments: [] }),
  one('html-only', 'HTML alone', { 'Content-Type': 'text/html; charset=UTF-8' }, '<html><head><style>p{color:red}</style></head><body><!-- c --><p>面接&nbsp;の<br>日程 &amp; 場所</p><script>x</script></body></html>', { text: null, preview: '面接 の 日程 & 場所' }),
  sample('lf-only', 'Line feeds alone', mail({ 'Content-Type': 'multipart/mixed; boundary=x' }, '--x\nContent-Type: text/plain; charset=utf-8\n\n一行目\n二行目\n--x--\n', '\n'), { text: '一行目\n二行目' }),
  sample('cr-cr-lf', 'Line ends doubled by a gateway', mail({ 'Content-Type': 'multipart/mixed; boundary=x' }, '--x\r\r\nContent-Type: text/plain; charset=utf-8\r\r\n\r\r\n本文\r\r\n--x--\r\r\n', '\r\r\n'), { text: '本文' }),
  sample('mbox-line', 'A "From " line in front', bytes('From taro@example.jp Sun Nov 22 10:00:00 2026\r\n', mail({ Subject: 'x' }, 'text')), { subject: 'x', text: 'text' }),
  sample('leading-empty-lines', 'Empty lines in front', bytes('\r\n\r\n', mail({ Subject: 'x' }, 'text')), { subject: 'x', text: 'text' }),
  sample('debris-in-headers', 'A line that is no header', bytes('Subject: x\r\n%%% debris %%%\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n本文'), { subject: 'x', text: '本文' }),
  sample('headers-without-end', 'Headers without the empty line', bytes('Subject: x\r\nFrom: a@example.jp'), { subject: 'x', text: '' }),
  sample('nothing', 'An empty message', Buffer.alloc(0), { subject: '', from: null, to: [], date: null, messageId: null, text: '', attachments: [] }),
  one('tabs-and-types', 'Parameters on lines of their own, behind tabs', { 'Content-Type': 'text/plain;\r\n\tcharset=UTF-8;\r\n\tformat=fixed' }, '本文', { text: '本文' }),
  one('apple-double', 'A resource fork beside its file (RFC 1740)', type('x'), multi('x', text('本文'), inner('y', 'appledouble', attachment({ 'Content-Type': 'application/applefile; name="a.pdf"' }), pdf())), { text: '本文', attachments: [aPdf] }),
  one('two-texts', 'Two texts, as mailing lists append theirs', type('x'), multi('x', text('本文'), part({ 'Content-Type': 'text/plain; charset=ISO-2022-JP' }, jis('フッター'))), { text: '本文\nフッター' }),
  one('octet-stream-text', 'An attachment without any type', type('x'), multi('x', text('本文'), attachment({ 'Content-Disposition': 'attachment; filename="a.dat"' })), { text: '本文', attachments: [{ name: 'a.dat', size: FILE.length }] }),
  one('attachment-content-id', 'Outlook gives every attachment a Content-ID', type('x'), multi('x', html('<p>本文</p>'), attachment({ 'Content-Type': 'application/pdf; name="a.pdf"', 'Content-ID': '<1@x>', 'Content-Disposition': 'attachment; filename="a.pdf"' })), { text: null, hasAttachments: true, attachments: [aPdf] }),
];
