/**
 * Text with `format=flowed` (RFC 3676) as its writer typed it: lines that end in a space are joined to the next one of
 * the same quote depth. With `delSp` that space goes too, as mailers for Japanese set it. Linear.
 */
export function unflow(text: string, delSp: boolean): string {
  const paragraphs = new Paragraphs(delSp);
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    paragraphs.line(text.slice(start, end));
    start = end + 1;
  }
  paragraphs.line(text.slice(start));
  return paragraphs.finish();
}

class Paragraphs {
  readonly #delSp: boolean;
  #text = '';
  /** Quote depth of the paragraph that goes on, -1 when none does. */
  #depth = -1;

  constructor(delSp: boolean) {
    this.#delSp = delSp;
  }

  line(line: string): void {
    let depth = 0;
    while (line[depth] === '>') depth++;
    // RFC 3676, 4.4: one space in front was stuffed.
    const content = line.slice(line[depth] === ' ' ? depth + 1 : depth);
    // RFC 3676, 4.3: the signature separator is never flowed.
    const separator = content === '-- ';
    if (this.#depth !== -1 && (this.#depth !== depth || separator)) this.#end();
    if (this.#depth === -1 && depth > 0) this.#text += `${'>'.repeat(depth)} `;
    const flowed = content.endsWith(' ') && !separator;
    this.#text += flowed && this.#delSp ? content.slice(0, -1) : content;
    this.#depth = depth;
    if (!flowed) this.#end();
  }

  finish(): string {
    if (this.#depth !== -1) this.#end();
    // Every paragraph was ended by a line end; the last line of the text was not.
    return this.#text.slice(0, -1);
  }

  #end(): void {
    this.#text += '\n';
    this.#depth = -1;
  }
}
