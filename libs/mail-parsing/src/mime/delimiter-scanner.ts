/** A line `--boundary` or `--boundary--` (RFC 2046, 5.1.1). */
export interface Delimiter {
  /** Which of the open multiparts it belongs to, counted from the outermost. */
  readonly level: number;
  readonly closing: boolean;
  /** Offset of its first dash. */
  readonly start: number;
  /** Offset of the line after it. */
  readonly end: number;
}

const LF = 0x0a;
const CR = 0x0d;
const DASHES = Buffer.from('--');

/** RFC 2046 allows 70 characters; mailers write more, but none writes a kilobyte. */
export const MAX_BOUNDARY = 1_000;

/**
 * Finds the delimiter lines of all open multiparts in one pass over the message, so that nesting costs nothing: an outer
 * delimiter also ends the inner multiparts that were never closed. Base64 holds no dash, so attachments are skipped at
 * the speed of memchr.
 */
export class DelimiterScanner {
  /** Boundary to the levels that use it; the innermost is last. */
  readonly #levels = new Map<string, number[]>();
  readonly #open: string[] = [];
  readonly #source: Buffer;

  constructor(source: Buffer) {
    this.#source = source;
  }

  get depth(): number {
    return this.#open.length;
  }

  push(boundary: string): void {
    const levels = this.#levels.get(boundary) ?? [];
    levels.push(this.#open.length);
    this.#levels.set(boundary, levels);
    this.#open.push(boundary);
  }

  /** Closes multiparts until `depth` are open. */
  popTo(depth: number): void {
    while (this.#open.length > depth) {
      const boundary = this.#open.pop()!;
      const levels = this.#levels.get(boundary)!;
      levels.pop();
      if (levels.length === 0) this.#levels.delete(boundary);
    }
  }

  /** The first delimiter line at or after `from`, which must be the beginning of a line. */
  next(from: number): Delimiter | null {
    const source = this.#source;
    let at = source.indexOf(DASHES, from);
    while (at !== -1) {
      const lineStart = at === from || source[at - 1] === LF;
      const lf = source.indexOf(LF, at);
      const end = lf === -1 ? source.length : lf + 1;
      const found = lineStart ? this.#match(at, end) : null;
      if (found !== null) return found;
      at = source.indexOf(DASHES, end);
    }
    return null;
  }

  #match(start: number, end: number): Delimiter | null {
    if (end - start > MAX_BOUNDARY + 100) return null;
    let stop = end;
    while (stop > start && isSpace(this.#source[stop - 1]!)) stop--;
    const line = this.#source.toString('latin1', start + 2, stop);
    const level = this.#levels.get(line)?.at(-1);
    if (level !== undefined) return { level, closing: false, start, end };
    if (!line.endsWith('--')) return null;
    const closed = this.#levels.get(line.slice(0, -2))?.at(-1);
    return closed === undefined ? null : { level: closed, closing: true, start, end };
  }
}

function isSpace(byte: number): boolean {
  return byte === LF || byte === CR || byte === 0x20 || byte === 0x09;
}

/** Where the body before a delimiter ends: the line end before the dashes belongs to the delimiter. */
export function bodyEndBefore(source: Buffer, delimiter: number, bodyStart: number): number {
  let end = delimiter;
  if (end > bodyStart && source[end - 1] === LF) end--;
  while (end > bodyStart && source[end - 1] === CR) end--;
  return end;
}
