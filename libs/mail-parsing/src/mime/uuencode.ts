const LF = 0x0a;

/**
 * uuencode (POSIX uuencode(1p)), with or without its `begin` and `end` lines; mailers of the 1990s and scanners still
 * send it as a transfer encoding. Lines that are too short are read as if filled with zeros.
 */
export function decodeUuencoded(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let start = 0; start < bytes.length;) {
    const lf = bytes.indexOf(LF, start);
    const end = lf === -1 ? bytes.length : lf;
    if (!isFrame(bytes, start, end)) length = decodeLine(bytes, start, end, out, length);
    start = end + 1;
  }
  return out.subarray(0, length);
}

function isFrame(bytes: Buffer, start: number, end: number): boolean {
  const line = bytes.toString('latin1', start, Math.min(end, start + 12));
  return /^(?:begin [0-7]{3,4} |end\s*$)/.test(line);
}

function decodeLine(bytes: Buffer, start: number, end: number, out: Buffer, at: number): number {
  const size = (bytes[start]! - 0x20) & 0x3f;
  // No line encodes more than it is long; a length byte that says so is not one.
  if (size > end - start) return at;
  const value = (index: number): number => (index < end ? ((bytes[index] ?? 0x20) - 0x20) & 0x3f : 0);
  for (let done = 0, from = start + 1; done < size; done += 3, from += 4) {
    const group = (value(from) << 18) | (value(from + 1) << 12) | (value(from + 2) << 6) | value(from + 3);
    for (let byte = 0; byte < Math.min(3, size - done); byte++) out[at++] = (group >> (16 - byte * 8)) & 0xff;
  }
  return at;
}
