import { decodeText } from '../charset/decode-text.js';
import { parameterText } from '../header/parameters.js';
import { unflow } from './format-flowed.js';
import { type MimePart } from './mime-part.js';
import { decodeTransfer, type TransferEncoding } from './transfer-encoding.js';

/** The text of a text/* part: transfer encoding, charset and line ends undone; lines end in LF. */
export function partText(part: MimePart): string {
  const bytes = textEncodingOf(part) === part.encoding ? part.decodedBody() : part.body;
  const text = asLines(decodeText(bytes, labelOf(part, part.body)));
  if (part.type !== 'text/plain' || !isFlowed(part)) return text;
  return unflow(text, parameterText(part.contentType, 'delsp')?.text.toLowerCase() === 'yes');
}

/**
 * The first so many encoded bytes of the part as text; a character that is cut through at the end is left out. What a
 * list needs is decided by the beginning, and large bodies are not worth decoding for it.
 */
export function partTextBeginning(part: MimePart, encodedBytes: number): string {
  const { body } = part;
  if (body.length <= encodedBytes) return partText(part);
  const beginning = body.subarray(0, endOfLine(body, encodedBytes));
  const bytes = decodeTransfer(beginning, textEncodingOf(part));
  return asLines(decodeText(bytes, labelOf(part, beginning), true));
}

/**
 * Mail forms declare base64 and write their text as it is. It is told by its first line, since footers in clear text
 * are appended to real base64: bytes of another language, or an escape, are none of it.
 */
function textEncodingOf({ encoding, body }: MimePart): TransferEncoding {
  if (encoding !== 'base64') return encoding;
  const start = body.findIndex((byte) => byte > 0x20);
  const end = start === -1 ? -1 : body.indexOf(0x0a, start);
  const line = start === -1 ? body.subarray(0, 0) : body.subarray(start, end === -1 ? undefined : end);
  return line.some((byte) => byte >= 0x80 || byte === ESC) ? 'identity' : encoding;
}

const ESC = 0x1b;

/** A whole number of lines where lines are short, because encodings work by the line. */
function endOfLine(body: Buffer, at: number): number {
  const lf = body.indexOf(0x0a, at);
  return lf === -1 || lf > at + 1_000 ? at - (at % 4) : lf + 1;
}

function asLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function isFlowed(part: MimePart): boolean {
  return parameterText(part.contentType, 'format')?.text.toLowerCase() === 'flowed';
}

/**
 * The part's charset label. HTML may name it in a `<meta>` instead; that counts where the header is silent or says what
 * mailers say by default.
 */
function labelOf(part: MimePart, body: Buffer): string | null {
  const label = part.charset;
  if (part.type !== 'text/html' || (label !== null && !/^(?:us-ascii|iso-8859-1)$/i.test(label))) return label;
  return metaCharset(decodeTransfer(body.subarray(0, 4_096), textEncodingOf(part)).toString('latin1')) ?? label;
}

/** HTML Standard, 13.2.3.2, in short: the first `charset=` inside a `<meta …>`. */
function metaCharset(html: string): string | null {
  for (let at = html.search(/<meta[\s/]/i); at !== -1;) {
    const end = html.indexOf('>', at);
    const tag = html.slice(at, end === -1 ? undefined : end);
    const charset = /charset\s{0,10}=\s{0,10}["']?\s{0,10}([\w.:-]{1,40})/i.exec(tag)?.[1];
    if (charset !== undefined) return charset;
    const next = end === -1 ? -1 : html.slice(end).search(/<meta[\s/]/i);
    at = next === -1 ? -1 : end + next;
  }
  return null;
}
