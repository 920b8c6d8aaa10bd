const TILDE = 0x7e;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LF = 0x0a;
const gbk = new TextDecoder('gbk');

/** Text in HZ (RFC 1843): `~{` and `~}` around GB 2312 in seven bits. Linear. */
export function decodeHz(bytes: Uint8Array): string {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let chinese = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    // RFC 1843: a line ends in ASCII mode.
    if (byte === LF) chinese = false;
    if (byte === TILDE && isEscape(bytes[at + 1])) {
      const next = bytes[++at]!;
      if (next === OPEN || next === CLOSE) chinese = next === OPEN;
      else if (next === TILDE) out[length++] = TILDE;
    } else out[length++] = chinese && byte > 0x20 ? byte | 0x80 : byte;
  }
  return gbk.decode(out.subarray(0, length));
}

/** `~{`, `~}`, `~~`, and a tilde before a line end, which is no letter. */
function isEscape(next: number | undefined): boolean {
  return next === OPEN || next === CLOSE || next === TILDE || next === LF;
}
