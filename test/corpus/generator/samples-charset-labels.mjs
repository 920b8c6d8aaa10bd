import { by, byByte, euc, jis, sjis, utf16, utf8 } from './charsets.mjs';
import { b, base64, quotedPrintable, textMail } from './mail.mjs';

const TEXT = '会議は①、㈱髙﨑商店です。№5、ｶﾅ。';
const expected = { subject: 'ご連絡', text: TEXT };

/** One sample per name under which mailers send an encoding, in body and subject. */
const family = (encoding, encode, labels) =>
  labels.map((label) => ({
    name: `label-${encoding}-as-${label.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
    about: `${encoding} under the name ${label}`,
    mail: textMail(label, encode(TEXT), { subject: b(label, encode('ご連絡')) }),
    expected,
  }));

const neighbour = (name, label, encode, text) => ({
  name: `label-${name}`,
  about: `A neighbour's mail in ${label}`,
  mail: textMail(label, encode(text), { subject: b(label, encode(text)) }),
  expected: { subject: text, text },
});

export const samples = [
  ...family('jis', jis, [
    'ISO-2022-JP', 'iso-2022-jp-1', 'ISO-2022-JP-2', 'iso-2022-jp-3', 'ISO-2022-JP-2004', 'iso-2022-jp-ms', 'cp50220',
    'CP50221', 'cp50222', 'csISO2022JP', 'x-iso-2022-jp', 'jis', 'x-windows-iso2022jp', 'x-windows-50221', 'iso2022jp',
  ]),
  ...family('sjis', sjis, [
    'Shift_JIS', 'shiftjis', 'x-sjis', 'sjis', 'cp932', 'windows-31j', 'ms932', 'MS_Kanji', 'csShiftJIS', 'sjis-win',
    'x-ms-cp932', 'CP943C', 'windows-932', 'x-mac-japanese',
  ]),
  ...family('euc', euc, ['EUC-JP', 'x-euc-jp', 'eucjp', 'eucJP-win', 'euc-jp-ms', 'cp51932', 'ujis', 'csEUCPkdFmtJapanese']),
  ...family('utf8', utf8, ['UTF-8', 'utf8', 'x-utf-8', 'UTF-8N', 'cp65001']),
  {
    name: 'label-utf7', about: 'RFC 2152, still written by some gateways',
    mail: textMail('UTF-7', '+ZeVnLIqe-', { subject: b('utf-7', '+ZeVnLIqe-') }), expected: { subject: '日本語', text: '日本語' },
  },
  {
    name: 'label-utf16-with-mark', about: 'UTF-16 with a byte order mark, in base64',
    mail: textMail('utf-16', base64(utf16('日本語です。')), { encoding: 'base64' }), expected: { text: '日本語です。' },
  },
  {
    name: 'label-utf16be', about: 'UTF-16BE without a mark', mail: textMail('utf-16be', base64(utf16('日本語です。', { bigEndian: true, mark: false })), { encoding: 'base64' }),
    expected: { text: '日本語です。' },
  },
  {
    name: 'label-quoted', about: 'The label in quotes with a space inside', mail: textMail('" ISO-2022-JP "', jis(TEXT)), expected: { text: TEXT },
  },
  {
    name: 'label-quoted-printable-sjis', about: 'Shift_JIS in quoted-printable: the second bytes look like text',
    mail: textMail('Shift_JIS', quotedPrintable(sjis('表示ソース能力\r\n予定')), { encoding: 'quoted-printable' }), expected: { text: '表示ソース能力\n予定' },
  },
  {
    name: 'label-base64-jis', about: 'ISO-2022-JP in base64, which RFC 1468 advises against and gateways do',
    mail: textMail('ISO-2022-JP', base64(jis(TEXT)), { encoding: 'base64' }), expected: { text: TEXT },
  },
  neighbour('gb2312', 'gb2312', by('gbk'), '会议通知'),
  neighbour('gbk', 'GBK', by('gbk'), '會議通知'),
  neighbour('gb18030', 'gb18030', by('gbk'), '会议通知'),
  neighbour('big5', 'Big5', by('big5'), '會議通知'),
  neighbour('euc-kr', 'euc-kr', by('euc-kr'), '회의 안내'),
  neighbour('ks-c-5601', 'ks_c_5601-1987', by('euc-kr'), '회의 안내'),
  neighbour('koi8-r', 'koi8-r', byByte('koi8-r'), 'Привет из Москвы'),
  neighbour('windows-1251', 'windows-1251', byByte('windows-1251'), 'Привет из Москвы'),
  neighbour('latin1', 'iso-8859-1', byByte('windows-1252'), 'Café à Genève, déjà vu'),
  neighbour('latin9', 'iso-8859-15', byByte('iso-8859-15'), 'Prix: 10 €'),
  neighbour('windows-1252', 'windows-1252', byByte('windows-1252'), '“Grüße aus Köln” – naïve'),
  neighbour('thai', 'tis-620', byByte('windows-874'), 'สวัสดี'),
  {
    name: 'label-hz', about: 'HZ (RFC 1843)', mail: textMail('hz-gb-2312', 'news: ~{;a~}!', { encoding: '7bit' }), expected: { text: 'news: 会!' },
  },
  {
    name: 'label-iso-2022-kr', about: 'RFC 1557: KS X 1001 by SO and SI',
    mail: textMail('iso-2022-kr', Buffer.from('\x1b$)C\x0eH8Ge\x0f abc', 'latin1'), { encoding: '7bit' }), expected: { text: '회헌 abc' },
  },
  {
    name: 'label-cp437', about: 'A DOS code page, unknown to the Encoding Standard', mail: textMail('cp437', Buffer.from([0x81, 0x62, 0x65, 0x72])), expected: { text: 'über' },
  },
];
