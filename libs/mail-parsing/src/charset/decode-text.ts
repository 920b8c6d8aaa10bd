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
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}

function read(bytes: Buffer, label: string | null, cut: boolean): string {
  const unicode = byteOrderMark(bytes);
  if (unicode !== null) return web(unicode, bytes, cut);
  const codec = codecFor(label);
  if (isSevenBit(bytes, codec)) return bytes.toString('latin1');
  const whole = cut ? withoutCutCharacter(bytes) : bytes;
  if (isUtf8(whole) && readsAsUtf8(whole, codec)) return whole.toString('utf8');
  if (codec.kind === 'web') return trusted(codec.label, bytes, cut);
  return byCodec(bytes, codec, cut);
}

function byCodec(bytes: Buffer, codec: Codec, cut: boolean): string {
  switch (codec.kind) {
    case 'web':
      return web(codec.label, bytes, cut);
    case 'iconv':
      // iconv-lite may end in a lone surrogate (UTF-7); TextDecoder never does.
      return iconv.decode(bytes, codec.label).toWellFormed();
    case 'hz':
      return decodeHz(bytes);
    case 'iso-2022':
      // Declared, but without any escape: the declaration is the mailer's default.
      return hasEscapeOrShift(bytes) ? decodeIso2022(bytes) : web(likeliestReading(bytes), bytes, cut);
    case 'utf-8':
    case 'weak':
      return guessed(bytes, codec, cut);
  }
}

function guessed(bytes: Buffer, codec: Codec, cut: boolean): string {
  if (hasJapaneseEscape(bytes)) return decodeIso2022(bytes);
  if (looksLikeUtf16(bytes)) return web(bytes[0] === 0 ? 'utf-16be' : 'utf-16le', bytes, cut);
  if (codec.kind === 'utf-8') {
    const repaired = repairCesu8(bytes);
    if (repaired !== bytes || mostlyUtf8(bytes)) return web('utf-8', repaired, cut);
  }
  return web(likeliestReading(bytes), bytes, cut);
}

/** Plain ASCII needs no decoder, unless its codec writes other letters in seven bits. */
function isSevenBit(bytes: Buffer, codec: Codec): boolean {
  if (!isAscii(bytes)) return false;
  if (codec.kind === 'web') return !codec.label.startsWith('utf-16') && !hasJapaneseEscape(bytes);
  if (codec.kind === 'iso-2022') return !hasEscapeOrShift(bytes);
  return (codec.kind === 'weak' || codec.kind === 'utf-8') && !hasJapaneseEscape(bytes) && !looksLikeUtf16(bytes);
}

function hasEscapeOrShift(bytes: Buffer): boolean {
  return bytes.includes(0x1b) || bytes.includes(0x0e);
}

/**
 * Whether valid UTF-8 is UTF-8, against its label. Under a weak label always. A label of another multi-byte charset is
 * overruled only by characters of three bytes and more: chance does not produce those, but it does produce pairs (two
 * half-width kana of Shift_JIS are one accented letter of UTF-8).
 */
function readsAsUtf8(bytes: Buffer, codec: Codec): boolean {
  if (codec.kind === 'utf-8' || codec.kind === 'weak') return !isAscii(bytes);
  if (codec.kind === 'iso-2022') return !isAscii(bytes) && !hasJapaneseEscape(bytes);
  if (codec.kind !== 'web' || isAscii(bytes) || codec.label.startsWith('utf-16')) return false;
  return bytes.every((byte) => byte < 0x80 || byte >= 0xe0 || byte < 0xc0);
}

/** A Japanese label may be the wrong one of the three; any other is taken at its word. */
function trusted(label: string, bytes: Buffer, cut: boolean): string {
  if (label === 'shift_jis' || label === 'euc-jp') {
    if (hasJapaneseEscape(bytes)) return decodeIso2022(bytes);
    return web(cheaperOf(label, bytes), bytes, cut);
  }
  return web(label, bytes, cut);
}

function cheaperOf(label: 'shift_jis' | 'euc-jp', bytes: Buffer): string {
  const sample = bytes.subarray(0, 16_384);
  const [declared, other] =
    label === 'shift_jis'
      ? [priceAsShiftJis(sample), priceAsEucJp(sample)]
      : [priceAsEucJp(sample), priceAsShiftJis(sample)];
  // The label has weight: only a reading several times cheaper overrules it.
  if (declared <= other * 3) return label;
  return label === 'shift_jis' ? 'euc-jp' : 'shift_jis';
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
