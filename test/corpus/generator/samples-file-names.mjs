import { euc, jis, sjis, utf8 } from './charsets.mjs';
import { attachment, b, bytes, percent, q, withParts } from './mail.mjs';

const NAME = '見積書①.pdf';
const file = (name, about, headers, expected, messageHeaders = {}) => ({
  name: `file-${name}`, about,
  mail: withParts([attachment({ 'Content-Type': 'application/pdf', 'Content-Disposition': 'attachment', ...headers })], messageHeaders),
  expected: { text: '本文です。', hasAttachments: true, attachments: [{ name: expected, type: 'application/pdf', size: 28 }] },
});
const disposition = (name, about, value, expected, messageHeaders) => file(name, about, { 'Content-Disposition': value }, expected, messageHeaders);
const safe = (name, about, given, expected) => disposition(`safe-${name}`, about, bytes(`attachment; filename*=UTF-8''${percent(given)}`), expected);
const octets = utf8(NAME);

export const samples = [
  disposition('rfc2231-utf8', 'RFC 2231', `attachment; filename*=UTF-8''${percent(NAME)}`, NAME),
  disposition('rfc2231-jis', 'RFC 2231 in ISO-2022-JP', `attachment; filename*=ISO-2022-JP''${percent(jis(NAME))}`, NAME),
  disposition('rfc2231-sjis', 'RFC 2231 in Shift_JIS with a language', `attachment; filename*=Shift_JIS'ja'${percent(sjis(NAME))}`, NAME),
  disposition('rfc2231-no-charset', 'RFC 2231 without its charset', `attachment; filename*=''${percent(NAME)}`, NAME),
  disposition('rfc2231-continued', 'RFC 2231 in sections', `attachment;\r\n filename*0*=UTF-8''${percent('見積')};\r\n filename*1*=${percent('書①')};\r\n filename*2=".pdf"`, NAME),
  disposition('rfc2231-cut-inside', 'Sections cut inside a character', `attachment;\r\n filename*0*=UTF-8''${percent(octets.subarray(0, 4))};\r\n filename*1*=${percent(octets.subarray(4))}`, NAME),
  disposition('rfc2231-out-of-order', 'Sections out of order', `attachment; filename*1*=${percent('書①.pdf')}; filename*0*=UTF-8''${percent('見積')}`, NAME),
  disposition('rfc2231-gap', 'A section behind a gap belongs to nothing', `attachment; filename*0=abc; filename*1=.pdf; filename*3=zzz`, 'abc.pdf'),
  disposition('rfc2231-jis-cut', 'Sections of JIS cut inside an escape sequence', `attachment; filename*0*=ISO-2022-JP''${percent(jis(NAME).subarray(0, 9))}; filename*1*=${percent(jis(NAME).subarray(9))}`, NAME),
  disposition('both-forms', 'The extended form counts, the plain one is for old readers', `attachment; filename="fallback.pdf"; filename*=UTF-8''${percent(NAME)}`, NAME),
  disposition('rfc2047-quoted', 'An encoded word in quotes, against RFC 2047 and everywhere', `attachment; filename="${b('ISO-2022-JP', jis(NAME))}"`, NAME),
  disposition('rfc2047-bare', 'An encoded word without quotes', `attachment; filename=${b('UTF-8', NAME)}`, NAME),
  disposition('rfc2047-q', 'In Q', `attachment; filename="${q('UTF-8', NAME)}"`, NAME),
  disposition('rfc2047-folded', 'Two encoded words, folded', `attachment;\r\n filename="${b('UTF-8', '見積書')}\r\n ${b('UTF-8', '①.pdf')}"`, NAME),
  disposition('rfc2047-cut-inside', 'Two encoded words, cut inside a character', `attachment; filename="${b('UTF-8', octets.subarray(0, 4))} ${b('UTF-8', octets.subarray(4))}"`, NAME),
  file('type-name-only', 'Only name= in Content-Type', { 'Content-Type': `application/pdf; name="${b('ISO-2022-JP', jis(NAME))}"` }, NAME),
  file('filename-before-name', 'filename= counts before name=', { 'Content-Type': 'application/pdf; name="other.pdf"', 'Content-Disposition': `attachment; filename="${b('UTF-8', NAME)}"` }, NAME),
  disposition('raw-utf8', 'Raw UTF-8', `attachment; filename="${NAME}"`, NAME),
  disposition('raw-sjis', 'Raw Shift_JIS', bytes('attachment; filename="', sjis(NAME), '"'), NAME),
  disposition('raw-sjis-backslash', 'Raw Shift_JIS in which second bytes are backslashes', bytes('attachment; filename="', sjis('予定表ソフト能力.pdf'), '"'), '予定表ソフト能力.pdf'),
  disposition('raw-euc', 'Raw EUC-JP', bytes('attachment; filename="', euc('見積書です.pdf'), '"'), '見積書です.pdf'),
  disposition('raw-jis', 'Raw ISO-2022-JP', bytes('attachment; filename="', jis(NAME), '"'), NAME),
  disposition('raw-jis-with-quotes', 'Raw ISO-2022-JP in which second bytes are quotes and semicolons', bytes('attachment; filename="', jis('アジア最新うごき.pdf'), '"'), 'アジア最新うごき.pdf'),
  disposition('raw-jis-bare', 'The same without quotes', bytes('attachment; filename=', jis('アジア最新うごき.pdf')), 'アジア最新うごき.pdf'),
  disposition('spaces-bare', 'Spaces without quotes', 'attachment; filename=my report 2026.pdf', 'my report 2026.pdf'),
  disposition('no-semicolon', 'No semicolon between parameters', 'attachment filename="a.pdf" size=28', 'a.pdf'),
  disposition('open-quote', 'A quote that never closes', 'attachment; filename="a.pdf', 'a.pdf'),
  disposition('windows-path', 'A path with backslashes, quoted as it was', 'attachment; filename="C:\\Users\\taro\\a.pdf"', 'a.pdf'),
  file('none', 'No name at all', {}, 'attachment-1.pdf'),
  disposition('empty', 'An empty name', 'attachment; filename=""', 'attachment-1.pdf'),
  safe('traversal', 'A path upwards', '../../etc/passwd', 'passwd'),
  safe('dots', 'Nothing but dots', '..', 'attachment-1.pdf'),
  safe('hidden', 'A leading dot', '.htaccess', 'htaccess'),
  safe('direction', 'U+202E: reads as "請求書exe.pdf"', '請求書\u202efdp.exe', '請求書fdp.exe'),
  safe('many-spaces', 'Spaces that push the extension out of sight', `請求書.pdf${' '.repeat(80)}.exe`, '請求書.pdf .exe'),
  safe('device', 'A device of Windows', 'NUL.pdf', '_NUL.pdf'),
  safe('reserved', 'Reserved letters', 'a<b>:"|?*.pdf', 'a_b______.pdf'),
  safe('trailing-dot', 'A dot at the end', 'a.pdf. .', 'a.pdf'),
  safe('control', 'Line ends and NUL', 'a\r\n\0b.pdf', 'a b.pdf'),
  safe('decomposed', 'macOS sends kana and their marks apart', 'プログラム.pdf'.normalize('NFD'), 'プログラム.pdf'),
  safe('long', 'A name of 300 letters keeps its extension', `${'あ'.repeat(300)}.pdf`, `${'あ'.repeat(146)}.pdf`),
];
