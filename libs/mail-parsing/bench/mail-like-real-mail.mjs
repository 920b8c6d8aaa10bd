// Mail for measuring: log-normal sizes (median about 12 KB, mean about 45 KB, at most 2 MB), alternatives in ISO-2022-JP
// and UTF-8, five trace headers, a PDF in the larger ones. The same mails in every run.
import { jis } from '../../../test/corpus/generator/charsets.mjs';

const words =
  'お世話になっております。 会議の件について ご連絡いたします。 よろしくお願い申し上げます。 株式会社 採用担当 面接日程 候補者 履歴書を添付'.split(
    ' ',
  );

export function mailLikeRealMail(count) {
  const random = lcg(20261122);
  return Array.from({ length: count }, (_, index) => oneMail(index, random));
}

function oneMail(index, random) {
  const size = Math.min(2e6, Math.exp(Math.log(12_000) + 1.62 * gauss(random)));
  const inJis = index % 3 === 0;
  const subject = `${words[index % words.length]}（${index}）`;
  const text = paragraphs(Math.min(size * 0.3, 20_000) / 3, random);
  const encoded = inJis ? `=?ISO-2022-JP?B?${jis(subject).toString('base64')}?=` : word(subject);
  const body = alternatives(text, inJis);
  const head = headers(index, encoded);
  const room = size - body.length - head.length;
  if (room < 3_000) return Buffer.concat([Buffer.from(head), body]);
  const file = Buffer.alloc(Math.floor(room * 0.73)).map((_, at) => ((at + index) * 2654435761) >>> 8);
  return Buffer.concat([
    Buffer.from(`${head}Content-Type: multipart/mixed; boundary="mix"\r\n\r\n--mix\r\n`),
    body,
    Buffer.from(
      `\r\n--mix\r\nContent-Type: application/pdf; name="${word('履歴書.pdf')}"\r\nContent-Transfer-Encoding: base64\r\n` +
        `Content-Disposition: attachment; filename="${word('履歴書.pdf')}"\r\n\r\n${lines(file.toString('base64'))}\r\n--mix--\r\n`,
    ),
  ]);
}

const headers = (index, subject) =>
  'Received: from mx1.example.jp (mx1.example.jp [192.0.2.1])\r\n\tby mx.example.com with ESMTPS id abc; Sun, 22 Nov 2026 10:00:00 +0900\r\n'.repeat(
    5,
  ) +
  `DKIM-Signature: v=1; a=rsa-sha256; d=example.jp;\r\n\ts=sel; h=from:to:subject; bh=${'A'.repeat(44)};\r\n\tb=${'B'.repeat(300)}\r\n` +
  `From: ${word('山田 太郎')} <taro${index}@example.jp>\r\nTo: user@example.com\r\nCc: a@example.jp, b@example.jp\r\nSubject: ${subject}\r\n` +
  `Date: Sun, 22 Nov 2026 10:00:${String(index % 60).padStart(2, '0')} +0900\r\nMessage-ID: <${index}@example.jp>\r\nMIME-Version: 1.0\r\n`;

function alternatives(text, inJis) {
  const html = text.split('\r\n').map((line) => `<p style="font-size:12px">${line}</p>`);
  const plain = inJis
    ? Buffer.concat([Buffer.from('Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n'), jis(text)])
    : base64Part('text/plain', text);
  return Buffer.concat([
    Buffer.from('Content-Type: multipart/alternative; boundary="alt"\r\n\r\n--alt\r\n'),
    plain,
    Buffer.from('\r\n--alt\r\n'),
    base64Part('text/html', `<html><head><style>p{margin:0}</style></head><body>${html.join('\r\n')}</body></html>`),
    Buffer.from('\r\n--alt--\r\n'),
  ]);
}

const base64Part = (type, text) =>
  Buffer.from(
    `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines(Buffer.from(text).toString('base64'))}`,
  );
const lines = (text) => text.replace(/.{76}/g, '$&\r\n');
const word = (text) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

function paragraphs(length, random) {
  let text = '';
  while (text.length < length) text += words[Math.floor(random() * words.length)] + (random() < 0.2 ? '\r\n' : '');
  return text;
}

function lcg(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const gauss = (random) => Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random());
