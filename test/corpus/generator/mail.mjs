// A small language for writing messages byte by byte.
import { jis, utf8 } from './charsets.mjs';

/** Bytes of strings (UTF-8) and buffers, one behind the other. */
export const bytes = (...parts) => Buffer.concat(parts.flat().map((part) => (Buffer.isBuffer(part) ? part : utf8(part))));

/** Lines, each with CRLF behind it. */
export const lines = (...parts) => bytes(parts.flat().map((part) => bytes(part, '\r\n')));

const defaults = {
  From: 'Taro Yamada <taro@example.jp>',
  To: 'hanako@example.com',
  Subject: 'test',
  Date: 'Sun, 22 Nov 2026 10:00:00 +0900',
  'Message-ID': '<sample@example.jp>',
  'MIME-Version': '1.0',
};

/** A message: headers over the defaults (null leaves one out, an array repeats it), an empty line, the body. */
export function mail(headers, body = '', eol = '\r\n') {
  const all = { ...defaults, ...headers };
  const block = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [value].flat(1).map((one) => bytes(`${name}: `, one, eol)),
  );
  return bytes(block, eol, body);
}

/** A message of exactly these headers. */
export const bare = (headers, body = '', eol = '\r\n') =>
  bytes(Object.entries(headers).flatMap(([name, value]) => [value].flat(1).map((one) => bytes(`${name}: `, one, eol))), eol, body);

/** A body part. */
export const part = (headers, body) => bare(headers, body);

/** A multipart body. */
export const multi = (boundary, ...parts) =>
  bytes(
    parts.map((one) => bytes(`--${boundary}\r\n`, one, '\r\n')),
    `--${boundary}--\r\n`,
  );

export const base64 = (data) => bytes(data).toString('base64').replace(/.{76}(?=.)/g, '$&\r\n');

export function quotedPrintable(data) {
  let out = '';
  let column = 0;
  for (const byte of bytes(data)) {
    const letter = String.fromCharCode(byte);
    const plain = letter === '\r' || letter === '\n' || (/[ -~]/.test(letter) && letter !== '=');
    const coded = plain ? letter : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (letter === '\n') column = 0;
    else if ((column += coded.length) > 72) {
      out += '=\r\n';
      column = coded.length;
    }
    out += coded;
  }
  return out;
}

/** Encoded words (RFC 2047). */
export const b = (charset, data) => `=?${charset}?B?${bytes(data).toString('base64')}?=`;
export const q = (charset, data) =>
  `=?${charset}?Q?${Array.from(bytes(data), (byte) =>
    /[a-z0-9]/i.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : byte === 0x20 ? '_' : `=${hex(byte)}`,
  ).join('')}?=`;
/** The ISO-2022-JP encoded word that Japanese mailers write. */
export const jisWord = (text) => b('ISO-2022-JP', jis(text));

export const percent = (data) =>
  Array.from(bytes(data), (byte) =>
    /[a-z0-9.]/i.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${hex(byte)}`,
  ).join('');

const hex = (byte) => byte.toString(16).toUpperCase().padStart(2, '0');

export function uuencode(data, name) {
  const all = bytes(data);
  const out = [`begin 644 ${name}`];
  for (let at = 0; at < all.length; at += 45) {
    const line = all.subarray(at, at + 45);
    let coded = String.fromCharCode(32 + line.length);
    for (let from = 0; from < line.length; from += 3) {
      const group = ((line[from] ?? 0) << 16) | ((line[from + 1] ?? 0) << 8) | (line[from + 2] ?? 0);
      for (const shift of [18, 12, 6, 0]) coded += String.fromCharCode(32 + ((group >> shift) & 63)).replace(' ', '`');
    }
    out.push(coded);
  }
  return lines(...out, '`', 'end');
}

/** A text message in one charset, labelled as given (null: not at all). */
export const textMail = (label, data, { subject = 'test', type = 'text/plain', encoding = '8bit', ...headers } = {}) =>
  mail(
    {
      Subject: subject,
      'Content-Type': label === null ? type : `${type}; charset=${label}`,
      'Content-Transfer-Encoding': encoding,
      ...headers,
    },
    data,
  );

/** The 28 bytes that stand for a picture, a PDF … in this corpus. */
export const FILE = utf8('the content of an attachment');
export const fileBody = base64(FILE);

/** A base64 attachment part. */
export const attachment = (headers) => part({ 'Content-Transfer-Encoding': 'base64', ...headers }, fileBody);

/** A mail with a short text and the given further parts. */
export const withParts = (parts, headers = {}, text = '本文です。') =>
  mail(
    { 'Content-Type': 'multipart/mixed; boundary="mix"', ...headers },
    multi('mix', part({ 'Content-Type': 'text/plain; charset=UTF-8', 'Content-Transfer-Encoding': '8bit' }, text), ...parts),
  );
