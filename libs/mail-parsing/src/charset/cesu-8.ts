/**
 * UTF-8 in which letters outside the basic plane stand as two surrogates of three bytes each (Unicode TR 26, CESU-8), as
 * Java and Oracle write emoji, made into real UTF-8; the same bytes when there are none. Linear.
 */
export function repairCesu8(bytes: Buffer): Buffer {
  let pair = nextPair(bytes, 0);
  if (pair === -1) return bytes;
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let from = 0;
  while (pair !== -1) {
    length += bytes.copy(out, length, from, pair);
    const high = ((bytes[pair + 1]! & 0x0f) << 6) | (bytes[pair + 2]! & 0x3f);
    const low = ((bytes[pair + 4]! & 0x0f) << 6) | (bytes[pair + 5]! & 0x3f);
    length += out.write(String.fromCodePoint(0x10000 + (high << 10) + low), length, 'utf8');
    from = pair + 6;
    pair = nextPair(bytes, from);
  }
  length += bytes.copy(out, length, from);
  return out.subarray(0, length);
}

/** Offset of the next ED A0–AF xx ED B0–BF xx, or -1. */
function nextPair(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xed, from); at !== -1; at = bytes.indexOf(0xed, at + 1)) {
    if (at + 6 > bytes.length) return -1;
    if ((bytes[at + 1]! & 0xf0) === 0xa0 && bytes[at + 3] === 0xed && (bytes[at + 4]! & 0xf0) === 0xb0) return at;
  }
  return -1;
}
