import { createHash, hash } from 'node:crypto';

const CR = 0x0d;
const LF = 0x0a;

/**
 * SHA-256, in hex, of text as it would be with CRLF line ends and no white space at its end. CRLF, LF, CR and CRs before
 * an LF all end one line. Linear; nothing is copied when the line ends are CRLF already, as they are on the wire.
 */
export function normalizedHash(bytes: Buffer): string {
  const content = bytes.subarray(0, endOfContent(bytes));
  return hasOnlyCrlf(content) ? hash('sha256', content, 'hex') : hashOfLines(content);
}

function endOfContent(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1]!)) end--;
  return end;
}

function isSpace(byte: number): boolean {
  return byte === LF || byte === CR || byte === 0x20 || byte === 0x09;
}

/** Searching for both bytes from line to line is faster than looking at every byte. */
function hasOnlyCrlf(bytes: Buffer): boolean {
  let cr = bytes.indexOf(CR);
  let lf = bytes.indexOf(LF);
  while (cr !== -1) {
    if (lf !== cr + 1) return false;
    cr = bytes.indexOf(CR, lf);
    lf = bytes.indexOf(LF, lf + 1);
  }
  return lf === -1;
}

function hashOfLines(bytes: Buffer): string {
  const sha = createHash('sha256');
  const chunk = Buffer.allocUnsafe(65_536);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (length + 2 > chunk.length) {
      sha.update(chunk.subarray(0, length));
      length = 0;
    }
    if (byte === LF || (byte === CR && !endsInLf(bytes, at))) {
      chunk[length++] = CR;
      chunk[length++] = LF;
    } else if (byte !== CR) chunk[length++] = byte;
  }
  return sha.update(chunk.subarray(0, length)).digest('hex');
}

/** Whether the CR at `at` belongs to a line end that an LF completes: only CRs lie between. */
function endsInLf(bytes: Buffer, at: number): boolean {
  // A run of CRs is walked once for each of them; real ones are one or two long, so the walk is bounded.
  for (let next = at + 1; next < at + 8; next++) {
    if (bytes[next] === LF) return true;
    if (bytes[next] !== CR) return false;
  }
  return false;
}
