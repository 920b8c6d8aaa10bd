import { createHash, type Hash } from 'node:crypto';

/**
 * Hashes the body of a mail as DKIM's "relaxed" form has it (RFC 6376, 3.4.4): blanks at the ends of lines and empty lines
 * at the end do not count, blanks within lines count once. It holds no more than the line it is in.
 */
export class RelaxedBodyHash {
  readonly #hash: Hash = createHash('sha256');
  #line = '';
  /** Line ends that count only if more text comes. */
  #waiting = 0;
  #hasText = false;

  update(chunk: Buffer): void {
    const lines = (this.#line + chunk.toString('latin1')).split('\r\n');
    this.#line = lines.pop() ?? '';
    this.#hash.update(lines.map((line) => this.#ended(line)).join(''), 'latin1');
  }

  /** Base64. */
  digest(): string {
    if (this.#line !== '') this.#hash.update(this.#ended(this.#line), 'latin1');
    // Text ends in one line end; where there is none at all, the body is empty.
    if (this.#hasText) this.#hash.update('\r\n');
    return this.#hash.digest('base64');
  }

  /** What a line adds: the line ends that were waiting, if there is text in it, and its own waits. */
  #ended(line: string): string {
    const text = line.replace(/[ \t]+/g, ' ').replace(/ $/, '');
    const ends = '\r\n'.repeat(text === '' ? 0 : this.#waiting);
    this.#waiting = text === '' ? this.#waiting + 1 : 1;
    this.#hasText ||= text !== '';
    return ends + text;
  }
}
