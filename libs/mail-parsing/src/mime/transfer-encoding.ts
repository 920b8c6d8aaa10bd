import { decodeQuotedPrintable } from './quoted-printable.js';
import { decodeBase64 } from './base64.js';
import { decodeUuencoded } from './uuencode.js';

/** RFC 2045, 6: how a part's bytes were made fit for transport; unknown names count as none. */
export type TransferEncoding = 'identity' | 'base64' | 'quoted-printable' | 'uuencode';

/** Reads a Content-Transfer-Encoding as written, comments and stray characters included. */
export function transferEncodingOf(raw: string | null): TransferEncoding {
  const name = /^[\s"']*([a-z0-9-]*)/i.exec(raw ?? '')![1]!.toLowerCase();
  if (name === 'base64') return 'base64';
  if (name === 'quoted-printable') return 'quoted-printable';
  return /^(?:x-)?uu(?:e|encode)$/.test(name) ? 'uuencode' : 'identity';
}

/** The bytes that were encoded. Shares memory with the source where nothing had to be decoded. */
export function decodeTransfer(bytes: Buffer, encoding: TransferEncoding): Buffer {
  switch (encoding) {
    case 'identity':
      return bytes;
    case 'base64':
      return decodeBase64(bytes);
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes);
    case 'uuencode':
      return decodeUuencoded(bytes);
  }
}
