import { jis, sjis } from './charsets.mjs';
import { b, bytes, jisWord, mail, q } from './mail.mjs';

const address = (name, address_) => ({ name, address: address_ });
const from = (name, about, value, expected, headers = {}) => ({
  name: `from-${name}`, about, mail: mail({ From: value, 'Content-Type': 'text/plain; charset=UTF-8', ...headers }, '本文'), expected: { from: expected, text: '本文' },
});
const to = (name, about, value, expected) => ({
  name: `to-${name}`, about, mail: mail({ To: value, 'Content-Type': 'text/plain; charset=UTF-8' }, '本文'), expected: { to: expected, text: '本文' },
});
const raw = { 'Content-Type': 'text/plain' };

export const samples = [
  from('encoded-name', 'The usual form', `${jisWord('山田 太郎')} <taro@example.jp>`, address('山田 太郎', 'taro@example.jp')),
  from('encoded-in-quotes', 'An encoded word inside quotes', `"${b('UTF-8', '山田 太郎')}" <taro@example.jp>`, address('山田 太郎', 'taro@example.jp')),
  from('encoded-neighbours', 'A name of two words', `${b('UTF-8', '山田')} ${b('UTF-8', '太郎')} <taro@example.jp>`, address('山田太郎', 'taro@example.jp')),
  from('encoded-comma', 'A comma inside an encoded word separates nothing', `${q('UTF-8', 'Yamada, Taro')} <taro@example.jp>`, address('Yamada, Taro', 'taro@example.jp')),
  from('encoded-brackets', 'Brackets inside an encoded word are no address', `${b('UTF-8', '採用<人事> 山田')} <taro@example.jp>`, address('採用<人事> 山田', 'taro@example.jp')),
  from('encoded-whole-mailbox', 'The whole mailbox in one encoded word', b('UTF-8', '山田太郎 <taro@example.jp>'), address('山田太郎', 'taro@example.jp')),
  from('name-in-comment', 'The name in a comment (RFC 822)', `taro@example.jp (${jisWord('山田太郎')})`, address('山田太郎', 'taro@example.jp')),
  from('raw-sjis', 'A raw Shift_JIS name', bytes('"', sjis('表計算ソフト'), '" <taro@example.jp>'), address('表計算ソフト', 'taro@example.jp'), raw),
  from('raw-jis-with-quote-bytes', 'Raw JIS: the second byte of ア is a quotation mark, of ご an opening bracket', bytes(jis('アジアご担当'), ' <taro@example.jp>'), address('アジアご担当', 'taro@example.jp'), raw),
  from('raw-utf8', 'A raw UTF-8 name (RFC 6532)', '山田太郎 <taro@example.jp>', address('山田太郎', 'taro@example.jp')),
  from('no-brackets', 'Only an address', 'taro@example.jp', address(null, 'taro@example.jp')),
  from('no-space', 'No space before the bracket', 'Taro<taro@example.jp>', address('Taro', 'taro@example.jp')),
  from('no-closing-bracket', 'The bracket never closes', 'Taro <taro@example.jp', address('Taro', 'taro@example.jp')),
  from('no-closing-quote', 'The quote never closes', '"Taro <taro@example.jp>', address('Taro', 'taro@example.jp')),
  from('name-is-address', 'The address as the name', '"taro@example.jp" <taro@example.jp>', address('taro@example.jp', 'taro@example.jp')),
  from('name-without-quotes', 'A name that should be in quotes', 'Yamada (HR) Taro, Inc. <taro@example.jp>', address('Yamada Taro, Inc.', 'taro@example.jp')),
  from('single-quotes', 'A name in single quotes, as Outlook adds them', "'Taro Yamada' <taro@example.jp>", address('Taro Yamada', 'taro@example.jp')),
  from('escaped-quotes', 'Quotes in quotes', '"Taro \\"T\\" Yamada" <taro@example.jp>', address('Taro "T" Yamada', 'taro@example.jp')),
  from('several', 'The first of several authors', 'a@example.jp, b@example.jp', address(null, 'a@example.jp')),
  from('missing', 'No From at all', null, null),
  from('empty', 'An empty From', '', null),
  from('null-path', 'The empty address of a bounce', 'MAILER-DAEMON <>', address('MAILER-DAEMON', '')),
  from('only-name', 'A name without an address', 'root', address('root', '')),
  from('idn', 'A Japanese domain (RFC 6531)', '太郎 <taro@日本語.jp>', address('太郎', 'taro@日本語.jp')),
  from('folded', 'Folded between name and address', `${jisWord('山田太郎')}\r\n\t<taro@example.jp>`, address('山田太郎', 'taro@example.jp')),
  to('docomo-double-dot', 'Two dots and a dot before the @, as docomo gave out until 2009', 'taro..yamada.@docomo.ne.jp', [address(null, 'taro..yamada.@docomo.ne.jp')]),
  to('docomo-quoted', 'The same in quotes, as RFC 5322 wants it', '"taro..yamada."@docomo.ne.jp', [address(null, 'taro..yamada.@docomo.ne.jp')]),
  to('ezweb-leading-dot', 'A dot in front, as au gave out', `${jisWord('太郎')} <.taro@ezweb.ne.jp>`, [address('太郎', '.taro@ezweb.ne.jp')]),
  to('ezweb-quoted-in-brackets', 'Quotes inside brackets', '<"..foo"@ezweb.ne.jp>', [address(null, '..foo@ezweb.ne.jp')]),
  to('slash-and-question', 'Letters that carriers allowed', '<ta/ro?x-@docomo.ne.jp>', [address(null, 'ta/ro?x-@docomo.ne.jp')]),
  to('list', 'Several, folded', `a@example.jp,\r\n ${b('UTF-8', '花子')} <b@example.jp>,\r\n\t"C, D" <c@example.jp>`, [address(null, 'a@example.jp'), address('花子', 'b@example.jp'), address('C, D', 'c@example.jp')]),
  to('comma-without-quotes', 'Last, First without quotes', 'Yamada, Taro <taro@example.jp>, hanako@example.jp', [address('Yamada, Taro', 'taro@example.jp'), address(null, 'hanako@example.jp')]),
  to('semicolons', 'Semicolons between, as people type into Outlook', 'a@example.jp; B <b@example.jp>;', [address(null, 'a@example.jp'), address('B', 'b@example.jp')]),
  to('group', 'A group is its members', 'Team: a@example.jp, B <b@example.jp>;, c@example.jp', [address(null, 'a@example.jp'), address('B', 'b@example.jp'), address(null, 'c@example.jp')]),
  to('undisclosed', 'A group of nobody', 'undisclosed-recipients:;', []),
  to('empty-entries', 'Commas with nothing between', ', a@example.jp,, b@example.jp,', [address(null, 'a@example.jp'), address(null, 'b@example.jp')]),
  to('route', 'A source route (RFC 5322, 4.4)', '<@a.example,@b.example:taro@example.jp>', [address(null, 'taro@example.jp')]),
  to('mailto', 'An address pasted as a link', '<mailto:taro@example.jp>', [address(null, 'taro@example.jp')]),
  to('nested-comments', 'Comments in comments', 'taro@example.jp (Taro (HR) Yamada)', [address('Taro (HR) Yamada', 'taro@example.jp')]),
  to('repeated', 'Two To headers, both meant', ['a@example.jp', 'b@example.jp'], [address(null, 'a@example.jp'), address(null, 'b@example.jp')]),
  {
    name: 'reply-to', about: 'Where the answer goes', mail: mail({ 'Reply-To': `${jisWord('窓口')} <desk@example.jp>`, 'Content-Type': 'text/plain; charset=utf-8' }, '本文'),
    expected: { replyTo: [address('窓口', 'desk@example.jp')], from: address('Taro Yamada', 'taro@example.jp'), text: '本文' },
  },
  {
    name: 'cc-encoded', about: 'Cc like To', mail: mail({ Cc: `${jisWord('部長')} <x@example.jp>, y@example.jp`, 'Content-Type': 'text/plain; charset=utf-8' }, '本文'),
    expected: { cc: [address('部長', 'x@example.jp'), address(null, 'y@example.jp')], text: '本文' },
  },
];
