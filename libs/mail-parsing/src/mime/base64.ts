const PADDING = 0x3d;

/**
 * Base64 (RFC 2045, 6.8). Characters outside the alphabet are passed over; padding in the middle ends one run of groups
 * and another begins, as in mail that was glued together after encoding.
 */
export function decodeBase64(bytes: Buffer): Buffer {
  let padding = bytes.indexOf(PADDING);
  if (padding === -1 || isTail(bytes, padding)) return fromBase64(bytes, 0, bytes.length);
  const runs: Buffer[] = [];
  let from = 0;
  while (padding !== -1) {
    runs.push(fromBase64(bytes, from, padding));
    from = padding + 1;
    padding = bytes.indexOf(PADDING, from);
  }
  if (isBase64Only(bytes, from)) runs.push(fromBase64(bytes, from, bytes.length));
  return Buffer.concat(runs);
}

/** How many bytes `decodeBase64` will give, without decoding. */
export function base64Size(bytes: Buffer): number {
  let size = 0;
  let characters = 0;
  for (const byte of bytes) {
    if (byte === PADDING) {
      size += Math.floor((characters * 3) / 4);
      characters = 0;
    } else if (isBase64Character(byte)) characters++;
  }
  return size + Math.floor((characters * 3) / 4);
}

function fromBase64(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.from(bytes.toString('latin1', from, to), 'base64');
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

function isBase64Character(byte: number): boolean {
  const letter = byte | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2f;
}
