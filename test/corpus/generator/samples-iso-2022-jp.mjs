import { jis, latin1 } from './charsets.mjs';
import { b, bytes, quotedPrintable, textMail } from './mail.mjs';

const body = (name, about, data, text, headers) => ({
  name: `jis-${name}`, about, mail: textMail('ISO-2022-JP', data, { encoding: '7bit', ...headers }), expected: { text },
});
const ESC = '\x1b';

export const samples = [
  body('half-kana-escape', 'Half-width kana by ESC ( I', jis('ｱｲｳとカナ'), 'ｱｲｳとカナ'),
  body('half-kana-raw', 'Half-width kana as raw 8-bit bytes inside ISO-2022-JP', jis('会社はｶﾌﾞｼｷｶﾞｲｼｬです', { kana: 'raw' }), '会社はｶﾌﾞｼｷｶﾞｲｼｬです'),
  body('half-kana-shift', 'Half-width kana by SO and SI (JIS7)', jis('会社はｶﾌﾞｼｷです', { kana: 'shift' }), '会社はｶﾌﾞｼｷです'),
  body('nec-row-13', 'NEC row 13 under the plain label', jis('①②③ⅠⅡ㍉㌔㈱㈲№℡㍻'), '①②③ⅠⅡ㍉㌔㈱㈲№℡㍻'),
  body('ibm-extensions', 'IBM extensions in NEC rows 89 to 92', jis('髙﨑と彅と德'), '髙﨑と彅と德'),
  body('jis-c-6226', 'ESC $ @, the edition of 1978', jis('日本語です', { kanjiIn: '$@' }), '日本語です'),
  body('roman', 'ESC ( J instead of ESC ( B, with the backslash and tilde of addresses', jis('保存先 C:\\tmp と http://example.jp/~taro です', { asciiIn: '(J' }), '保存先 C:\\tmp と http://example.jp/~taro です'),
  body('ascii-by-h', 'ESC ( H, the Swedish set that old mailers mistook for ASCII', jis('日本語abc', { asciiIn: '(H' }), '日本語abc'),
  body('no-return-to-ascii', 'Lines end without ESC ( B', jis('一行目です\r\nsecond line\r\n三行目です', { close: false }), '一行目です\nsecond line\n三行目です'),
  body('state-over-lines', 'The state goes on over the line end, against RFC 1468', bytes(`${ESC}$B`, jis('これはつづき').subarray(3, -3), '\r\n', jis('のぎょうです').subarray(3, -3), `${ESC}(B`), 'これはつづき\nのぎょうです'),
  body('ends-inside', 'The message ends in two-byte state', jis('終わりのない文', { close: false }), '終わりのない文'),
  body('1990-announcer', 'ESC & @ ESC $ B announces JIS X 0208-1990', latin1(`${ESC}&@${ESC}$B4A;z${ESC}(B`), '漢字'),
  body('jis-x-0212', 'ESC $ ( D, supplementary kanji (RFC 2237)', latin1(`${ESC}$(D0!${ESC}(B ok`), '丂 ok'),
  body('long-form-0208', 'ESC $ ( B, the long form', latin1(`${ESC}$(B4A;z${ESC}(B`), '漢字'),
  body('jis-x-0213-plane-1', 'ESC $ ( Q (ISO-2022-JP-2004) in the part it shares with JIS X 0208', latin1(`${ESC}$(Q4A;z${ESC}(B`), '漢字'),
  body('jis-x-0213-plane-2', 'Plane 2 of JIS X 0213 cannot be shown: a geta stands for it', latin1(`${ESC}$(P!"${ESC}$B4A${ESC}(B`), '〓漢'),
  body('nec-kanji-in', 'ESC K and ESC H, from before the standard', latin1(`${ESC}K4A;z${ESC}Habc`), '漢字abc'),
  body('gb2312-by-escape', 'ESC $ A (RFC 1554)', latin1(`${ESC}$A;aRi${ESC}$B4A;z${ESC}(B`), '会议漢字'),
  body('ksc-by-escape', 'ESC $ ( C (RFC 1554)', latin1(`${ESC}$(CH8Ge${ESC}(B`), '회헌'),
  body('quoted-printable', 'In quoted-printable, where kanji bytes include =', quotedPrintable(jis('参照：価格＝千円')), '参照：価格＝千円', { encoding: 'quoted-printable' }),
  body('terminal-colours', 'ESC [ is a terminal sequence and no Japanese', latin1(`${ESC}[31mred${ESC}[0m`), '\x1b[31mred\x1b[0m', { 'Content-Type': 'text/plain; charset=us-ascii' }),
  body('odd-byte', 'A pair without its second half', latin1(`${ESC}$B4A;${ESC}(Babc`), '漢\ufffdabc'),
  body('redundant-escapes', 'Escape sequences before every letter', latin1(`${ESC}$B4A${ESC}$B;z${ESC}(B${ESC}(B!`), '漢字!'),
  body('wave-dash', 'Signs that charsets disagree on, as Microsoft maps them', latin1(`${ESC}$B!A!]!B!q!r${ESC}(B`), '～－∥￠￡'),
  {
    name: 'jis-subject-half-kana', about: 'Half-width kana in an encoded word', mail: textMail('ISO-2022-JP', jis('本文'), { subject: b('ISO-2022-JP', jis('ｶﾀｶﾅ と 漢字')) }),
    expected: { subject: 'ｶﾀｶﾅ と 漢字', text: '本文' },
  },
];
