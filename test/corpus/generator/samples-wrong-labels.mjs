import { byByte, euc, jis, sjis, utf16, utf8 } from './charsets.mjs';
import { base64, bytes, multi, part, mail, textMail } from './mail.mjs';

const TEXT = 'お世話になっております。\r\n資料をお送りします。①㈱';
const expected = { text: TEXT.replaceAll('\r\n', '\n') };
const encodings = { jis, sjis, euc, utf8 };

const pair = (label, name, encoding) => ({
  name: `body-${encoding}-labelled-${name}`,
  about: `${encoding} bytes, labelled ${label ?? 'not at all'}`,
  mail: textMail(label, encodings[encoding](TEXT)),
  expected,
});

const html = (encoding, label, meta) =>
  textMail(label, encodings[encoding](`<html><head>${meta}<title>t</title></head><body><p>面接の日程</p></body></html>`), { type: 'text/html' });

export const samples = [
  ...['jis', 'sjis', 'euc', 'utf8'].map((encoding) => pair(null, 'nothing', encoding)),
  ...['jis', 'sjis', 'euc', 'utf8'].map((encoding) => pair('us-ascii', 'us-ascii', encoding)),
  ...['jis', 'sjis', 'euc', 'utf8'].map((encoding) => pair('iso-8859-1', 'latin1', encoding)),
  ...['jis', 'sjis', 'euc'].map((encoding) => pair('UTF-8', 'utf8', encoding)),
  ...['sjis', 'euc', 'utf8'].map((encoding) => pair('ISO-2022-JP', 'jis', encoding)),
  ...['jis', 'euc', 'utf8'].map((encoding) => pair('Shift_JIS', 'sjis', encoding)),
  ...['jis', 'sjis', 'utf8'].map((encoding) => pair('EUC-JP', 'euc', encoding)),
  ...['jis', 'sjis', 'euc', 'utf8'].map((encoding) => pair('unknown-8bit', 'unknown', encoding)),
  pair('x-made-up', 'made-up', 'sjis'),
  {
    name: 'body-jis-no-mime-headers', about: 'No MIME at all, as Unix mail and old mailers send (RFC 822)',
    mail: mail({ 'MIME-Version': null }, jis(TEXT)), expected,
  },
  {
    name: 'body-jis-no-label-in-part', about: 'JIS bytes in a part without a charset (Zammad 6144)',
    mail: mail({ 'Content-Type': 'multipart/mixed; boundary=x' }, multi('x', part({ 'Content-Type': 'text/plain' }, jis(TEXT)))), expected,
  },
  {
    name: 'body-latin-no-label', about: 'A French mail without a label is not Japanese',
    mail: textMail(null, byByte('windows-1252')('Réunion à 10 h, déjà prévue. Où êtes-vous?')), expected: { text: 'Réunion à 10 h, déjà prévue. Où êtes-vous?' },
  },
  {
    name: 'body-german-no-label', about: 'A German mail without a label', mail: textMail(null, byByte('windows-1252')('Grüße aus Köln, schöne Straße.')),
    expected: { text: 'Grüße aus Köln, schöne Straße.' },
  },
  {
    name: 'body-utf8-a-few-broken', about: 'UTF-8 with one broken byte stays UTF-8, the byte becomes U+FFFD',
    mail: textMail('UTF-8', bytes('お世話になっております。', Buffer.from([0xff]), '以上')), expected: { text: 'お世話になっております。\ufffd以上' },
  },
  {
    name: 'body-utf8-with-mark', about: 'A byte order mark is not text', mail: textMail('UTF-8', '\ufeff日本語'), expected: { text: '日本語' },
  },
  {
    name: 'body-utf8-mark-labelled-sjis', about: 'A byte order mark tells more than the label', mail: textMail('Shift_JIS', '\ufeff日本語'), expected: { text: '日本語' },
  },
  {
    name: 'body-utf16-no-label', about: 'UTF-16 without label and mark, in base64', mail: textMail(null, base64(utf16('Hello, 世界の皆さま. Regards, Taro', { mark: false })), { encoding: 'base64' }),
    expected: { text: 'Hello, 世界の皆さま. Regards, Taro' },
  },
  {
    name: 'body-sjis-half-kana-only', about: 'Half-width kana in Shift_JIS under the right label, which are also valid UTF-8',
    mail: textMail('Shift_JIS', sjis('ﾃｱ')), expected: { text: 'ﾃｱ' },
  },
  {
    name: 'html-meta-sjis', about: 'HTML names its charset in a meta element only', mail: html('sjis', null, '<meta charset="shift_jis">'), expected: { text: null, preview: '面接の日程' },
  },
  {
    name: 'html-meta-http-equiv-euc', about: 'The older form of it', mail: html('euc', null, '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=EUC-JP">'),
    expected: { text: null, preview: '面接の日程' },
  },
  {
    name: 'html-meta-jis', about: 'A meta element before JIS', mail: html('jis', null, '<meta http-equiv=content-type content=text/html;charset=iso-2022-jp>'),
    expected: { text: null, preview: '面接の日程' },
  },
  {
    name: 'html-meta-against-us-ascii', about: 'The header says us-ascii, the meta element the truth', mail: html('sjis', 'us-ascii', '<meta charset=x-sjis>'),
    expected: { text: null, preview: '面接の日程' },
  },
  {
    name: 'html-meta-wrong', about: 'Transcoded on the way: the header is right, the meta element was forgotten', mail: html('utf8', 'UTF-8', '<meta charset="iso-2022-jp">'),
    expected: { text: null, preview: '面接の日程' },
  },
  {
    name: 'html-no-charset', about: 'HTML that says nothing', mail: html('sjis', null, ''), expected: { text: null, preview: '面接の日程' },
  },
];
