import Encoding from 'encoding-japanese';
import { createHash } from 'node:crypto';

/** A mail made for a test: its bytes, when the server received it, and what its reader must see. */
export interface GeneratedMail {
  readonly source: Buffer;
  readonly internalDate: Date;
  readonly subject: string;
  /** SHA-256 of the source, hex. */
  readonly digest: string;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Shape = 'plain_utf8' | 'plain_jis' | 'multipart' | 'attachment';
const SHAPES: readonly Shape[] = ['plain_utf8', 'plain_jis', 'multipart', 'attachment'];

/** The n-th mail of a test; the same n always gives the same bytes. */
export function generatedMail(n: number, internalDate: Date, to = 'taro@sample.example'): GeneratedMail {
  const shape = SHAPES[n % SHAPES.length]!;
  const subject = `第${n}回 面談のご案内（㈱サンプル）`;
  const head = [
    `From: =?UTF-8?B?${Buffer.from(`送信者${n % 7}`).toString('base64')}?= <sender${n % 7}@customer.example>`,
    `To: ${to}`,
    `Subject: ${shape === 'plain_jis' ? jisWord(subject) : utf8Words(subject)}`,
    `Date: ${internalDate.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${n}.${internalDate.getTime()}@customer.example>`,
    'MIME-Version: 1.0',
  ];
  const source = Buffer.concat([Buffer.from(head.join('\r\n') + '\r\n'), ...bodyOf(shape, n)]);
  return { source, internalDate, subject, digest: sha256(source) };
}

function bodyOf(shape: Shape, n: number): Buffer[] {
  const text = `${n} 通目のメールです。\r\nよろしくお願いいたします。\r\n`;
  switch (shape) {
    case 'plain_utf8':
      return [Buffer.from(`Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text}`)];
    case 'plain_jis':
      return [Buffer.from('Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n'), jis(text)];
    case 'multipart':
      return [Buffer.from(multipart('alternative', plain(text), html(text)))];
    case 'attachment':
      return [Buffer.from(multipart('mixed', plain(text), attached(`資料${n}.bin`, Buffer.alloc(3_000 + n, n % 251))))];
  }
}

function multipart(kind: string, ...parts: string[]): string {
  const inside = parts.map((part) => `--b0undary\r\n${part}\r\n`).join('');
  return `Content-Type: multipart/${kind}; boundary="b0undary"\r\n\r\n${inside}--b0undary--\r\n`;
}

const plain = (text: string): string => `Content-Type: text/plain; charset=UTF-8\r\n\r\n${text}`;
const html = (text: string): string => `Content-Type: text/html; charset=UTF-8\r\n\r\n<p>${text}</p>`;
const attached = (name: string, bytes: Buffer): string =>
  [
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    '',
    bytes.toString('base64').replace(/.{76}/g, '$&\r\n'),
  ].join('\r\n');

const jis = (text: string): Buffer =>
  Buffer.from(Encoding.convert(Encoding.stringToCode(text), { to: 'JIS', from: 'UNICODE' }));
const jisWord = (text: string): string => `=?ISO-2022-JP?B?${jis(text).toString('base64')}?=`;
const utf8Words = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
