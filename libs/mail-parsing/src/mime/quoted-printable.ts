const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Quoted-printable (RFC 2045, 6.7). An `=` that is not followed by two hex digits or a line end stays as it is; white
 * space between it and the line end belongs to the transport. Linear.
 */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  let equals = bytes.indexOf(EQUALS);
  if (equals === -1) return bytes;
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let from = 0;
  while (equals !== -1) {
    length += bytes.copy(out, length, from, equals);
    const high = hexDigit(bytes[equals + 1]);
    const low = high === -1 ? -1 : hexDigit(bytes[equals + 2]);
    if (low !== -1) {
      out[length++] = high * 16 + low;
      from = equals + 3;
    } else {
      from = afterSoftBreak(bytes, equals + 1);
      if (from === equals + 1 && from < bytes.length) out[length++] = EQUALS;
    }
    equals = bytes.indexOf(EQUALS, from);
  }
  length += bytes.copy(out, length, from);
  return out.subarray(0, length);
}

/** Offset behind the line end when only white space lies before it; otherwise `from`. */
function afterSoftBreak(bytes: Buffer, from: number): number {
  // White space is looked at only so far, lest `= = = …` be read again and again.
  const limit = Math.min(bytes.length, from + 80);
  let at = from;
  while (at < limit && (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === CR)) at++;
  return bytes[at] === LF ? at + 1 : from;
}

/** Value of a hex digit in either case, or -1. */
export function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
