import { parameterText } from '../header/parameters.js';
import { MailUnreadable } from '../mail-unreadable.error.js';
import { type ParseLimits } from '../parse-limits.js';
import { bodyEndBefore, type Delimiter, DelimiterScanner, MAX_BOUNDARY } from './delimiter-scanner.js';
import { HeaderBlock, messageStart } from './header-block.js';
import { MimePart } from './mime-part.js';

/**
 * The MIME tree of a message: located, not decoded. One pass, linear however deep; attached messages are leaves.
 *
 * Forgives parts without headers, multiparts without a closing delimiter, without a boundary parameter or with a wrong
 * one, and messages that end in the middle.
 *
 * @throws MailUnreadable headers-too-large, too-many-parts, nested-too-deep
 */
export function parseMimeTree(source: Buffer, limits: ParseLimits): MimePart {
  return new TreeBuilder(source, limits).build();
}

class TreeBuilder {
  readonly #source: Buffer;
  readonly #limits: ParseLimits;
  readonly #scanner: DelimiterScanner;
  /** The open multiparts, outermost first: one for each boundary of the scanner. */
  readonly #open: MimePart[] = [];
  #leaf: MimePart | null = null;
  #parts = 1;

  constructor(source: Buffer, limits: ParseLimits) {
    this.#source = source;
    this.#limits = limits;
    this.#scanner = new DelimiterScanner(source);
  }

  build(): MimePart {
    const start = messageStart(this.#source);
    const headers = HeaderBlock.read(this.#source, start, this.#source.length, this.#limits.headerBytes);
    const root = new MimePart(this.#source, headers, null);
    this.#enter(root);
    let at = root.bodyStart;
    while (this.#open.length > 0) {
      const delimiter = this.#scanner.next(at);
      if (delimiter === null) break;
      at = this.#apply(delimiter);
    }
    this.#close(0, this.#source.length);
    // Nothing but a closing delimiter: all of it is the text.
    if (root.children.length === 0) root.bodyEnd = this.#source.length;
    return root;
  }

  /** Takes in a part whose headers have been read. */
  #enter(part: MimePart): void {
    this.#leaf = part;
    if (!part.isMultipart) return;
    const boundary = boundaryOf(part);
    if (boundary === null) return part.degradeToText();
    if (this.#open.length >= this.#limits.depth) throw new MailUnreadable('nested-too-deep');
    this.#scanner.push(boundary);
    this.#open.push(part);
    this.#leaf = null;
  }

  /** Ends what the delimiter ends and begins what it begins; gives where to go on. */
  #apply(delimiter: Delimiter): number {
    this.#close(delimiter.closing ? delimiter.level : delimiter.level + 1, delimiter.start);
    if (delimiter.closing) return delimiter.end;
    if (++this.#parts > this.#limits.parts) throw new MailUnreadable('too-many-parts');
    const parent = this.#open[delimiter.level]!;
    const { headerBytes } = this.#limits;
    const headers = HeaderBlock.read(this.#source, delimiter.end, this.#source.length, headerBytes, true);
    const part = new MimePart(this.#source, headers, parent);
    parent.children.push(part);
    this.#enter(part);
    return part.bodyStart;
  }

  #close(depth: number, delimiter: number): void {
    const end = (part: MimePart): void => {
      part.bodyEnd =
        delimiter === this.#source.length ? delimiter : bodyEndBefore(this.#source, delimiter, part.bodyStart);
    };
    if (this.#leaf !== null) end(this.#leaf);
    this.#leaf = null;
    while (this.#open.length > depth) {
      const part = this.#open.pop()!;
      end(part);
      if (part.children.length === 0) part.degradeToText();
    }
    this.#scanner.popTo(depth);
  }
}

/** The boundary by which the parts are to be found, or null. */
function boundaryOf(part: MimePart): string | null {
  // A boundary is bytes: one with 8-bit letters has been decoded along with its header and must be encoded again.
  const declared = asLatin1(parameterText(part.contentType, 'boundary')?.text.trimEnd() ?? '');
  const usable = declared !== '' && declared.length <= MAX_BOUNDARY;
  // Only the message itself is searched for its boundary: for each part it would be quadratic.
  if (usable && (part.parent !== null || part.source.includes(`--${declared}`, part.bodyStart, 'latin1'))) {
    return declared;
  }
  return part.parent === null ? firstDashedLine(part) : null;
}

function asLatin1(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** What the first line with two dashes at the beginning of the body claims to be, when it looks like a boundary. */
function firstDashedLine(part: MimePart): string | null {
  const beginning = part.source.toString('latin1', part.bodyStart, part.bodyStart + 10_000);
  const boundary = /^--([\w'()+,./:=?-]{6,70})[ \t]*\r?$/m.exec(beginning)?.[1];
  return boundary ?? null;
}
