import { euc, jis, sjis } from './charsets.mjs';
import { b, bytes, jisWord, mail, q } from './mail.mjs';

const subject = (name, about, value, expected, headers = {}) => ({
  name: `subject-${name}`, about,
  mail: mail({ Subject: value, 'Content-Type': 'text/plain; charset=UTF-8', ...headers }, '本文'),
  expected: { subject: expected, text: '本文' },
});
const cut = (charset, data, ...at) => {
  const all = bytes(data);
  return [0, ...at].map((from, index) => b(charset, all.subarray(from, at[index] ?? all.length))).join('\r\n ');
};

export const samples = [
  subject('b-utf8', 'B encoding', b('UTF-8', '会議のお知らせ'), '会議のお知らせ'),
  subject('q-utf8', 'Q encoding', q('UTF-8', '会議 2026'), '会議 2026'),
  subject('b-jis', 'B encoding in ISO-2022-JP', jisWord('会議のお知らせ①'), '会議のお知らせ①'),
  subject('q-jis', 'Q encoding in ISO-2022-JP', q('iso-2022-jp', jis('会議')), '会議'),
  subject('b-sjis', 'B encoding in Shift_JIS', b('Shift_JIS', sjis('表示ソフト')), '表示ソフト'),
  subject('b-euc', 'B encoding in EUC-JP', b('EUC-JP', euc('表示ソフト')), '表示ソフト'),
  subject('neighbours', 'White space between encoded words goes', `${b('UTF-8', '会議の')}\r\n\t${b('UTF-8', 'お知らせ')}`, '会議のお知らせ'),
  subject('neighbours-mixed', 'Neighbours in different charsets and encodings', `${jisWord('会議の')} ${q('UTF-8', 'お知')} ${b('Shift_JIS', sjis('らせ'))}`, '会議のお知らせ'),
  subject('plain-between', 'White space between a word and plain text stays', `Re: ${b('UTF-8', '会議')} 2026 ${b('UTF-8', '資料')}`, 'Re: 会議 2026 資料'),
  subject('cut-inside-utf8', 'Cut inside a UTF-8 character', cut('UTF-8', '会議のお知らせ', 4, 10), '会議のお知らせ'),
  subject('cut-inside-sjis', 'Cut inside a Shift_JIS character', cut('Shift_JIS', sjis('会議のお知らせ'), 3, 7), '会議のお知らせ'),
  subject('cut-inside-jis-pair', 'Cut inside a JIS pair', cut('ISO-2022-JP', jis('会議のお知らせ'), 6), '会議のお知らせ'),
  subject('cut-inside-escape', 'Cut inside an escape sequence', cut('ISO-2022-JP', jis('会議abcお知らせ'), 8), '会議abcお知らせ'),
  subject('cut-inside-q', 'Cut inside a character, in Q', '=?UTF-8?Q?=E4=BC?= =?UTF-8?Q?=9A=E8=AD=B0?=', '会議'),
  subject('cut-case-differs', 'The same charset in other letters', '=?utf-8?B?5Lya6A==?= =?UTF-8?B?rbA=?=', '会議'),
  subject('padding-inside', 'Base64 padding in the middle of a word', `=?UTF-8?B?${bytes('会議a').toString('base64')}${bytes('の件').toString('base64')}?=`, '会議aの件'),
  subject('padding-missing', 'Base64 without its padding', '=?UTF-8?B?5pyA5a++PQ?=', '最対='),
  subject('lower-case', 'Encodings in lower case', `${b('utf-8', '会議').replace('?B?', '?b?')} ${q('utf-8', 'です').replace('?Q?', '?q?')}`, '会議です'),
  subject('language', 'A language after the charset (RFC 2231, 5)', b('UTF-8*ja', '会議'), '会議'),
  subject('no-space-before', 'A word right behind plain text', `Re:${b('UTF-8', '会議')}(1)`, 'Re:会議(1)'),
  subject('in-quotes', 'A word in quotes', `"${b('UTF-8', '会議')}" memo`, '"会議" memo'),
  subject('q-with-spaces', 'Spaces inside a Q word, against the standard', '=?UTF-8?Q?=E4=BC=9A=E8=AD=B0 room A?=', '会議 room A'),
  subject('q-broken-hex', 'An = that encodes nothing', '=?UTF-8?Q?100=_=ZZ?=', '100= =ZZ'),
  subject('folded-inside', 'Folded inside a base64 word', '=?UTF-8?B?5Lya6K2w\r\n 44Gu5Lu2?=', '会議の件'),
  subject('unterminated', 'A word without its end stays as it is', '=?UTF-8?B?5Lya6K2w', '=?UTF-8?B?5Lya6K2w'),
  subject('unknown-charset', 'A charset nobody knows, over UTF-8', b('x-made-up', '会議の件'), '会議の件'),
  subject('wrong-charset-jis', 'JIS under utf-8', b('UTF-8', jis('会議の件')), '会議の件'),
  subject('wrong-charset-sjis', 'Shift_JIS under us-ascii', b('us-ascii', sjis('会議の件')), '会議の件'),
  subject('empty-word', 'Empty words', '=?UTF-8?B??= =?UTF-8?Q??=', ''),
  subject('looks-like-one', 'Text that only looks like an encoded word', 'a =?b? c?= d', 'a =?b? c?= d'),
  subject('raw-utf8', 'Raw UTF-8 (RFC 6532)', '会議のお知らせ', '会議のお知らせ'),
  subject('raw-sjis', 'Raw Shift_JIS', sjis('会議のお知らせ①'), '会議のお知らせ①', { 'Content-Type': 'text/plain' }),
  subject('raw-euc', 'Raw EUC-JP', euc('会議のお知らせ'), '会議のお知らせ', { 'Content-Type': 'text/plain' }),
  subject('raw-jis', 'Raw ISO-2022-JP', jis('会議のお知らせ ｶﾅ'), '会議のお知らせ ｶﾅ', { 'Content-Type': 'text/plain' }),
  subject('raw-jis-folded', 'Raw ISO-2022-JP, folded', bytes(jis('会議の'), '\r\n ', jis('お知らせ')), '会議の お知らせ', { 'Content-Type': 'text/plain' }),
  subject('raw-latin1', 'Raw Latin-1', Buffer.from('Réunion à Genève', 'latin1'), 'Réunion à Genève', { 'Content-Type': 'text/plain' }),
  subject('raw-and-encoded', 'Raw UTF-8 beside an encoded word', bytes('【至急】', b('UTF-8', '会議')), '【至急】会議'),
  subject('raw-sjis-told-by-body', 'Raw half-width kana are read by the charset that the body declares', sjis('ｶﾌﾞｼｷｶﾞｲｼｬ'), 'ｶﾌﾞｼｷｶﾞｲｼｬ', { 'Content-Type': 'text/plain; charset=Shift_JIS' }),
  subject('control-characters', 'NUL, bell and line ends inside a word are no text', b('UTF-8', 'a\0b\x07c\r\nBcc: x@example.com'), 'ab c Bcc: x@example.com'),
  subject('cesu-8', 'An emoji as two surrogates of three bytes each (CESU-8)', b('UTF-8', Buffer.from([0x61, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, 0x62])), 'a😀b'),
  subject('emoji-cut', 'An emoji cut over two words', cut('UTF-8', 'お祝い🎉です', 11), 'お祝い🎉です'),
  subject('missing', 'No subject', null, ''),
  subject('empty', 'An empty subject', '', ''),
  subject('only-fold', 'A subject that begins on its second line', `\r\n ${b('UTF-8', '会議')}`, '会議'),
  subject('twice', 'The first of two subjects counts', ['first', 'second'], 'first'),
  {
    name: 'subject-name-with-space', about: 'A space before the colon (RFC 5322, 4.5)', mail: bytes('From: a@example.jp\r\nSubject : =?UTF-8?B?5Lya6K2w?=\r\nDate: Sun, 22 Nov 2026 10:00:00 +0900\r\n\r\n本文'), expected: { subject: '会議', text: '本文' },
  },
  subject('very-long', 'Fifty words', Array.from({ length: 50 }, (_, index) => b('UTF-8', `第${index}回、`)).join('\r\n '), Array.from({ length: 50 }, (_, index) => `第${index}回、`).join('')),
];
