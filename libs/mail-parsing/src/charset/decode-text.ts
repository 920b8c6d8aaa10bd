import { TextDecoder } from 'node:util';
import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { repairCesu8 } from './cesu-8.js';
import { codecFor, type Codec } from './charset-labels.js';
import { decodeHz } from './decode-hz.js';
import { decodeIso2022 } from './decode-iso-2022.js';
import { hasJapaneseEscape } from './escape-sequences.js';
import { likeliestReading, priceAsEucJp, priceAsShiftJis } from './japanese-likelihood.js';

/**
 * Bytes as text, whatever their label claims.
 *
 * A label is believed when the bytes can be read by it; text without one, or with one that mailers write by default
 * (us-ascii, iso-8859-1, utf-8), is told by its bytes: JIS escapes, then UTF-8, then the likeliest of Shift_JIS, EUC-JP
 * and windows-1252. Gives well-formed UTF-16 without NUL; never throws; linear in the bytes.
 *
 * @param label charset label as written, null when there is none
 * @param cut   the bytes may end inside a character (they are the beginning of something longer)
 */
export function decodeText(source: Uint8Array, label: string | null, cut = false): string {
  const bytes = bufferOf(source);
  const text = read(bytes, label, cut);
  return withoutWebcodes(text.includes('\0') ? text.replaceAll('\0', '') : text);
}

/** SoftBank's phones wrote pictures as escapes inside any charset; a geta stands for what cannot be printed. */
const WEBCODE = /\u001b\$[E-GO-Q][!-~]*\u000f/g;
const withoutWebcodes = (text: string): string => (text.includes('\u001b$') ? text.replace(WEBCODE, '〓') : text);

function read(bytes: Buffer, label: string | null, cut: boolean): string {
  const unicode = byteOrderMark(bytes);
  if (unicode !== null) return web(unicode, bytes, cut);
  const codec = codecFor(label);
  switch (codec.kind) {
    case 'utf-8':
    case 'weak':
      return readByItself(bytes, codec, cut);
    case 'iso-2022':
      return readAsIso2022(bytes, cut);
    case 'web':
      return readAsDeclared(bytes, codec.label, cut);
    case 'hz':
      return decodeHz(bytes);
    case 'iconv':
      // iconv-lite may end in a lone surrogate (UTF-7); TextDecoder never does.
      return iconv.decode(bytes, codec.label).toWellFormed();
  }
}

/** No label, or one that means nothing. */
function readByItself(bytes: Buffer, codec: Codec, cut: boolean): string {
  if (isNonAsciiUtf8(bytes, cut)) return web('utf-8', bytes, cut);
  if (hasJapaneseEscape(bytes)) return decodeIso2022(bytes);
  if (looksLikeUtf16(bytes)) return web(bytes[0] === 0 ? 'utf-16be' : 'utf-16le', bytes, cut);
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (codec.kind === 'utf-8') {
    const repaired = repairCesu8(bytes);
    if (repaired !== bytes || mostlyUtf8(bytes)) return web('utf-8', repaired, cut);
  }
  return web(likeliestReading(bytes, codec.kind === 'weak' && codec.western), bytes, cut);
}

/** Declared ISO-2022, which without any escape or shift is only the mailer's default. */
function readAsIso2022(bytes: Buffer, cut: boolean): string {
  const switches = bytes.includes(ESC) || bytes.includes(SO);
  if (!switches || (!hasJapaneseEscape(bytes) && isNonAsciiUtf8(bytes, cut))) {
    return readByItself(bytes, codecFor(null), cut);
  }
  return decodeIso2022(bytes);
}

/** A label of the Encoding Standard is believed, unless the bytes speak clearly against it. */
function readAsDeclared(bytes: Buffer, label: string, cut: boolean): string {
  if (label.startsWith('utf-16')) return web(label, bytes, cut);
  if (hasJapaneseEscape(bytes)) return decodeIso2022(bytes);
  if (isNonAsciiUtf8(bytes, cut) && hasNoPairs(bytes)) return web('utf-8', bytes, cut);
  return web(label === 'shift_jis' || label === 'euc-jp' ? cheaperOf(label, bytes) : label, bytes, cut);
}

const ESC = 0x1b;
const SO = 0x0e;

function isNonAsciiUtf8(bytes: Buffer, cut: boolean): boolean {
  return !isAscii(bytes) && isUtf8(cut ? withoutCutCharacter(bytes) : bytes);
}

/**
 * Whether valid UTF-8 holds no characters of two bytes. Chance produces those (two half-width kana of Shift_JIS are one
 * accented letter of UTF-8), but none of three bytes and more.
 */
function hasNoPairs(bytes: Buffer): boolean {
  return bytes.every((byte) => byte < 0xc0 || byte >= 0xe0);
}

/** The Japanese label, or the other one of the two when the bytes read several times better by it. */
function cheaperOf(label: 'shift_jis' | 'euc-jp', bytes: Buffer): string {
  const sample = bytes.subarray(0, 16_384);
  const sjis = priceAsShiftJis(sample);
  const euc = priceAsEucJp(sample);
  if (label === 'shift_jis') return sjis > euc * 3 ? 'euc-jp' : label;
  return euc > sjis * 3 ? 'shift_jis' : label;
}

/** UTF-8 with a few broken places stays UTF-8 (with U+FFFD there): fewer than one bad sequence in ten. */
function mostlyUtf8(bytes: Buffer): boolean {
  const text = bytes.subarray(0, 16_384).toString('utf8');
  let bad = 0;
  let good = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) bad++;
    else if (code > 0x7f) good++;
  }
  return bad * 10 <= good;
}

function looksLikeUtf16(bytes: Buffer): boolean {
  if (bytes.length < 4 || bytes.length % 2 !== 0) return false;
  const sample = bytes.subarray(0, 512);
  const zeros = [0, 0];
  sample.forEach((byte, at) => (zeros[at % 2]! += byte === 0 ? 1 : 0));
  const [even, odd] = [zeros[0]!, zeros[1]!];
  return Math.max(even, odd) * 4 > sample.length && Math.min(even, odd) === 0;
}

function byteOrderMark(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

const decoders = new Map<string, TextDecoder>();

/** Decodes by the Encoding Standard; of a cut text without the character that the cut went through. */
function web(label: string, bytes: Buffer, cut: boolean): string {
  if (cut) return new TextDecoder(label).decode(bytes, { stream: true });
  let decoder = decoders.get(label);
  if (decoder === undefined) decoders.set(label, (decoder = new TextDecoder(label)));
  return decoder.decode(bytes);
}

/** Without the last character if it began less than four bytes before the end. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
  }
  return bytes;
}

/** A Buffer over the same memory. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
