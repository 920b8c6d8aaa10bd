import { MailUnreadable } from '../mail-unreadable.error.js';

/** One header field as it stands: bytes as Latin-1 characters, folds and all. */
export interface HeaderField {
  /** In lower case. */
  readonly name: string;
  readonly raw: string;
}

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/**
 * The header fields of a message or part (RFC 5322, 2.2), in order, and where its body begins.
 *
 * Lines end in LF with any number of CRs before it. Lines that are neither a field nor a continuation (mbox "From ",
 * debris of gateways) are passed over; a block without the empty line after it runs to the end.
 */
export class HeaderBlock {
  private constructor(
    readonly fields: readonly HeaderField[],
    /** Offset of the first byte after the empty line. */
    readonly end: number,
  ) {}

  /**
   * @param limit  bytes the block may have
   * @param inPart a line that begins with `--` ends the block too: the part's delimiter came without an empty line
   * @throws MailUnreadable headers-too-large
   */
  static read(source: Buffer, from: number, to: number, limit: number, inPart = false): HeaderBlock {
    const [blockEnd, bodyStart] = findBlockEnd(source, from, Math.min(to, from + limit + 1), inPart);
    if (blockEnd - from > limit) throw new MailUnreadable('headers-too-large');
    return new HeaderBlock(splitFields(source.toString('latin1', from, blockEnd)), bodyStart);
  }

  /** The first field of that name as it stands; null when there is none. */
  first(name: string): string | null {
    for (const field of this.fields) if (field.name === name) return field.raw;
    return null;
  }

  /** Every field of that name. */
  all(name: string): string[] {
    return this.fields.filter((field) => field.name === name).map((field) => field.raw);
  }
}

/**
 * Where the header of a message begins: behind the empty lines that some servers put in front. An empty line that no
 * field follows is the end of an empty header.
 */
export function messageStart(source: Buffer): number {
  let at = 0;
  while (source[at] === CR || source[at] === LF) at++;
  return /^[!-9;-~]{1,200}[ \t]*:/.test(source.toString('latin1', at, at + 210)) ? at : 0;
}

/** Where the fields end and where the body begins. */
function findBlockEnd(source: Buffer, from: number, to: number, inPart: boolean): [number, number] {
  let lineStart = from;
  while (lineStart < to) {
    if (inPart && source[lineStart] === DASH && source[lineStart + 1] === DASH) return [lineStart, lineStart];
    let at = lineStart;
    while (at < to && source[at] === CR) at++;
    if (at < to && source[at] === LF) return [lineStart, at + 1];
    const lf = source.indexOf(LF, at);
    if (lf === -1 || lf >= to) break;
    lineStart = lf + 1;
  }
  return [to, to];
}

function splitFields(block: string): HeaderField[] {
  const fields: HeaderField[] = [];
  let at = 0;
  while (at < block.length) {
    const end = fieldEnd(block, at);
    const colon = block.indexOf(':', at);
    // No colon in this block any more: nothing behind here can be a field.
    if (colon === -1) break;
    if (colon < end) {
      const name = block.slice(at, colon).trimEnd().toLowerCase();
      if (isFieldName(name)) fields.push({ name, raw: block.slice(colon + 1, end) });
    }
    at = end + 1;
  }
  return fields;
}

/** Offset of the LF that ends the field: one that is not followed by a space or a tab. */
function fieldEnd(block: string, from: number): number {
  let lf = block.indexOf('\n', from);
  while (lf !== -1) {
    const next = block.charCodeAt(lf + 1);
    if (next !== 0x20 && next !== 0x09) return lf;
    lf = block.indexOf('\n', lf + 1);
  }
  return block.length;
}

/** RFC 5322, 2.2: printable ASCII without space or colon. */
function isFieldName(name: string): boolean {
  if (name.length === 0 || name.length > 200) return false;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return true;
}
