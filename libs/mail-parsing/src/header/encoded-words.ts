import { decodeText } from '../charset/decode-text.js';
import { codecFor } from '../charset/charset-labels.js';
import { decodeBase64 } from '../mime/base64.js';
import { hexDigit } from '../mime/quoted-printable.js';

interface EncodedWord {
  readonly charset: string;
  readonly bytes: Buffer;
  readonly end: number;
}

/**
 * Text with its encoded words decoded (RFC 2047, RFC 2231 5).
 *
 * Neighbours in the same charset are joined as bytes before they are decoded: mailers cut inside a character and inside
 * an escape sequence, although RFC 2047 5 forbids it. White space between neighbours goes, words may touch other text
 * or stand in quotes, and payloads may hold spaces. Linear: every search goes forward only.
 *
 * @param limit words decoded; the rest is left as it stands
 */
export function decodeEncodedWords(text: string, limit: number): string {
  let start = text.indexOf('=?');
  if (start === -1) return text;
  const decoded = new JoinedText();
  let from = 0;
  let left = limit;
  while (start !== -1 && left > 0) {
    const word = encodedWordAt(text, start);
    if (word === 'no more') break;
    if (word === null) {
      start = text.indexOf('=?', start + 2);
      continue;
    }
    decoded.plain(text.slice(from, start));
    decoded.word(word);
    left--;
    from = word.end;
    start = text.indexOf('=?', from);
  }
  decoded.plain(text.slice(from));
  return decoded.finish();
}

/** Collects plain text and words, decoding neighbouring words of one charset together. */
class JoinedText {
  #text = '';
  #charset = '';
  #pending: Buffer[] = [];

  plain(text: string): void {
    if (this.#pending.length > 0 && /^[ \t]*$/.test(text)) {
      // May stand between two words; if it is the end of the text, it does not matter.
      return;
    }
    this.#flush();
    this.#text += text;
  }

  word(word: EncodedWord): void {
    if (!sameCharset(word.charset, this.#charset)) this.#flush();
    this.#charset = word.charset;
    this.#pending.push(word.bytes);
  }

  finish(): string {
    this.#flush();
    return this.#text;
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending);
    this.#text += decodeText(bytes, this.#charset);
    this.#pending = [];
  }
}

function sameCharset(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [codecFor(one), codecFor(other)];
  return a.kind === b.kind && a.kind !== 'web' && a.kind !== 'iconv';
}

const MAX_CHARSET_NAME = 60;

/**
 * The encoded word that begins at `start`; null: none begins there; 'no more': none can end in the rest of the text.
 */
function encodedWordAt(text: string, start: number): EncodedWord | null | 'no more' {
  const head = /^=\?([^?\s=()<>@,;:"/[\]]{0,60})\?([bq])\?/i.exec(text.slice(start, start + MAX_CHARSET_NAME + 6));
  if (head === null) return null;
  const payload = start + head[0].length;
  // From behind the head on: the `?=` of `?Q?=E3` is no end.
  const end = text.indexOf('?=', payload);
  if (end === -1) return 'no more';
  const encoded = text.slice(payload, end);
  // RFC 2231 5: a language may follow the charset.
  const charset = head[1]!.split('*', 1)[0]!.toLowerCase();
  const bytes = /b/i.test(head[2]!) ? decodeBase64(Buffer.from(encoded, 'latin1')) : decodeQ(encoded);
  return { charset, bytes, end: end + 2 };
}

/** RFC 2047, 4.2. */
function decodeQ(encoded: string): Buffer {
  const out = Buffer.allocUnsafe(encoded.length * 3);
  let length = 0;
  for (let at = 0; at < encoded.length; at++) {
    const code = encoded.charCodeAt(at);
    const high = code === 0x3d ? hexDigit(encoded.charCodeAt(at + 1)) : -1;
    const low = high === -1 ? -1 : hexDigit(encoded.charCodeAt(at + 2));
    if (low !== -1) {
      out[length++] = high * 16 + low;
      at += 2;
    } else if (code > 0x7f) {
      // Letters that were decoded already (raw UTF-8 inside a Q word) go back to bytes.
      length += out.write(String.fromCodePoint(encoded.codePointAt(at)!), length, 'utf8');
      if (code >= 0xd800 && code <= 0xdbff) at++;
    } else out[length++] = code === 0x5f ? 0x20 : code;
  }
  return out.subarray(0, length);
}
