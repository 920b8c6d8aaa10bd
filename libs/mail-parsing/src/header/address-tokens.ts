/** A piece of an address header (RFC 5322, 3.2 and 3.4). */
export interface AddressToken {
  readonly kind: 'text' | 'quoted' | 'comment' | 'angle' | 'separator' | 'group';
  readonly text: string;
}

const DELIMITERS = /[\s"(<,;:]/;

/**
 * Cuts a decoded header line into tokens; brackets and quotes that never close run to the end. Encoded words stay whole
 * even where one holds a comma or a quote that its mailer should have encoded. Linear.
 */
export function* tokenizeAddresses(line: string): Generator<AddressToken> {
  const encodedWords = new EncodedWordEnds(line);
  for (let at = 0; at < line.length;) {
    const letter = line[at]!;
    if (letter === ' ' || letter === '\t') at++;
    else if (letter === ',' || letter === ';' || letter === ':') {
      yield { kind: letter === ':' ? 'group' : 'separator', text: letter };
      at++;
    } else {
      const [token, end] = longToken(line, at, encodedWords);
      yield token;
      at = end;
    }
  }
}

function longToken(line: string, at: number, encodedWords: EncodedWordEnds): [AddressToken, number] {
  switch (line[at]) {
    case '"': {
      const [text, end] = quoted(line, at + 1);
      return [{ kind: 'quoted', text }, end];
    }
    case '(':
      return comment(line, at + 1);
    case '<':
      return angle(line, at + 1);
    default: {
      const end = encodedWords.endAt(at) ?? wordEnd(line, at);
      return [{ kind: 'text', text: line.slice(at, end) }, end];
    }
  }
}

function wordEnd(line: string, from: number): number {
  let at = from + 1;
  while (at < line.length && !DELIMITERS.test(line[at]!)) at++;
  return at;
}

/** RFC 2047 2 caps a word at 75 characters; mailers that cut nothing write one of thousands. */
const MAX_ENCODED_WORD = 10_000;

/** Where encoded words end; remembers the last `?=` it found, so that a line of openings is searched once. */
class EncodedWordEnds {
  readonly #line: string;
  #nextEnd = -1;

  constructor(line: string) {
    this.#line = line;
  }

  /** Offset behind the encoded word that begins at `at`; null when none does. */
  endAt(at: number): number | null {
    if (!this.#line.startsWith('=?', at)) return null;
    const head = /^=\?[^?\s]{1,60}\?[bq]\?/i.exec(this.#line.slice(at, at + 70));
    if (head === null) return null;
    const payload = at + head[0].length;
    if (this.#nextEnd < payload) {
      const found = this.#line.indexOf('?=', payload);
      this.#nextEnd = found === -1 ? Infinity : found;
    }
    return this.#nextEnd - at > MAX_ENCODED_WORD ? null : this.#nextEnd + 2;
  }
}

/** Reads up to the closing quote; a backslash takes the next letter as it is. */
function quoted(line: string, from: number): [string, number] {
  let text = '';
  let start = from;
  let at = from;
  for (; at < line.length && line[at] !== '"'; at++) {
    if (line[at] !== '\\') continue;
    text += line.slice(start, at);
    start = ++at;
  }
  return [text + line.slice(start, at), at + 1];
}

function angle(line: string, from: number): [AddressToken, number] {
  const close = line.indexOf('>', from);
  const end = close === -1 ? line.length : close;
  return [{ kind: 'angle', text: line.slice(from, end) }, end + 1];
}

/** Comments nest. */
function comment(line: string, from: number): [AddressToken, number] {
  let depth = 1;
  let at = from;
  for (; at < line.length && depth > 0; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '(') depth++;
    else if (line[at] === ')') depth--;
  }
  const text = line.slice(from, depth === 0 ? at - 1 : at);
  return [{ kind: 'comment', text }, Math.min(at, line.length)];
}
