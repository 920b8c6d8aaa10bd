import { jis, sjis, utf8 } from './charsets.mjs';
import { attachment, b, base64, bytes, lines, mail, percent, textMail, withParts } from './mail.mjs';

const sample = (name, about, mail_, expected) => ({ name: `wild-${name}`, about, mail: mail_, expected });
const claimed = { 'Content-Transfer-Encoding': 'base64' };

// What mail forms, phones and gateways send against every standard; newer samples, so that older ones keep their numbers.
export const samples = [
  sample('base64-claimed-utf8', 'A mail form declares base64 and writes UTF-8 as it is', mail({ 'Content-Type': 'text/plain; charset=UTF-8', ...claimed }, 'お問い合わせがありました。\r\n氏名: 佐藤\r\n'), { text: 'お問い合わせがありました。\n氏名: 佐藤\n', preview: 'お問い合わせがありました。 氏名: 佐藤' }),
  sample('base64-claimed-sjis', 'The same in Shift_JIS', mail({ 'Content-Type': 'text/plain; charset=Shift_JIS', ...claimed }, sjis('お問い合わせ')), { text: 'お問い合わせ' }),
  sample('base64-claimed-jis', 'The same in ISO-2022-JP', mail({ 'Content-Type': 'text/plain; charset=ISO-2022-JP', ...claimed }, jis('お問い合わせ')), { text: 'お問い合わせ' }),
  sample('base64-japanese-footer', 'Real base64 with a footer in clear Japanese', mail({ 'Content-Type': 'text/plain; charset=UTF-8', ...claimed }, lines(base64('本文です。a'), '', '配信停止はこちら')), { text: '本文です。a' }),
  sample('softbank-webcode-sjis', 'SoftBank pictures as escapes in Shift_JIS: a geta stands for each run', textMail('Shift_JIS', bytes(sjis('晴れ'), '\x1b$Gj\x0f', sjis('です'))), { text: '晴れ〓です' }),
  sample('softbank-webcode-utf8', 'The same in UTF-8, two in one run', textMail('UTF-8', bytes(utf8('晴れ'), '\x1b$GjG!\x0f', utf8('です'))), { text: '晴れ〓です' }),
  sample('file-escaped', 'A file name escaped for an address, in quotes', withParts([attachment({ 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="${percent('見積書.pdf')}"` })]), { text: '本文です。', attachments: [{ name: '見積書.pdf' }] }),
  sample('file-percentages', 'A file name with percentages', withParts([attachment({ 'Content-Type': 'application/pdf', 'Content-Disposition': 'attachment; filename="10%20%30%.pdf"' })]), { text: '本文です。', attachments: [{ name: '10%20%30%.pdf' }] }),
  sample('subject-of-a-book', 'A subject of many thousand characters is cut', mail({ Subject: Array.from({ length: 200 }, () => b('UTF-8', '面談の日程')).join('\r\n ') + ' end' }, 'text'), { subject: '面談の日程'.repeat(200), text: 'text' }),
  sample('name-of-a-book', 'So is a name', mail({ From: `"${'x'.repeat(5_000)}" <taro@example.jp>` }, 'text'), { from: { name: 'x'.repeat(200), address: 'taro@example.jp' }, text: 'text' }),
  sample('address-unseen', 'Nobody sees what stands in this address', mail({ From: bytes('=?UTF-8?B?', utf8('佐\u2066藤\u2069').toString('base64'), '?= <ta', utf8('\u200b'), 'ro@example.jp>') }, 'text'), { from: { name: '佐藤', address: 'taro@example.jp' }, text: 'text' }),
];
