const PADDING = 0x3d;

/**
 * Base64 (RFC 2045, 6.8). Characters outside the alphabet are passed over; padding in the middle ends one run of groups
 * and another begins, as in mail that was glued together after encoding.
 */
export function decodeBase64(bytes: Buffer): Buffer {
  let padding = bytes.indexOf(PADDING);
  if (padding === -1 || isTail(bytes, padding)) return Buffer.from(bytes.toString('latin1'), 'base64');
  const out = Buffer.allocUnsafe(Math.ceil((bytes.length * 3) / 4));
  let length = 0;
  let from = 0;
  while (padding !== -1) {
    length += out.write(bytes.toString('latin1', from, padding), length, 'base64');
    from = padding + 1;
    padding = bytes.indexOf(PADDING, from);
  }
  if (isBase64Only(bytes, from)) length += out.write(bytes.toString('latin1', from), length, 'base64');
  return out.subarray(0, length);
}

/** How many bytes `decodeBase64` will give, without decoding. */
export function base64Size(bytes: Buffer): number {
  const lastPadding = bytes.lastIndexOf(PADDING);
  const end = lastPadding === -1 || isBase64Only(bytes, lastPadding + 1) ? bytes.length : lastPadding;
  let size = 0;
  let characters = 0;
  for (let at = 0; at < end; at++) {
    if (bytes[at] === PADDING) {
      size += Math.floor((characters * 3) / 4);
      characters = 0;
    } else if (isBase64Character(bytes[at]!)) characters++;
  }
  return size + Math.floor((characters * 3) / 4);
}

/** Whether only padding and line ends follow. */
function isTail(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte !== PADDING && byte > 0x20) return false;
  }
  return true;
}

/** Whether what follows the last padding is more base64, and not a footer that a mailing list added in clear text. */
function isBase64Only(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte > 0x20 ? !isBase64Character(byte) : byte === 0x20) return false;
  }
  return true;
}

/** The alphabet, and the two letters that its form for URLs has instead (RFC 4648, 5). */
function isBase64Character(byte: number): boolean {
  const letter = byte | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || signs.has(byte);
}

const signs = new Set(Buffer.from('+/-_'));
