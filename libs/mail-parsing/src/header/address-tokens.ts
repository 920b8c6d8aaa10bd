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
  let at = 0;
  while (at < line.length) {
    const letter = line[at]!;
    if (letter === ' ' || letter === '\t') at++;
    else if (letter === ',' || letter === ';') {
      yield { kind: 'separator', text: letter };
      at++;
    } else if (letter === ':') {
      yield { kind: 'group', text: ':' };
      at++;
    } else {
      const [token, end] = longToken(line, at);
      yield token;
      at = end;
    }
  }
}

function longToken(line: string, at: number): [AddressToken, number] {
  switch (line[at]) {
    case '"': {
      const [text, end] = delimited(line, at + 1, '"');
      return [{ kind: 'quoted', text }, end];
    }
    case '(':
      return comment(line, at + 1);
    case '<':
      return angle(line, at + 1);
    default: {
      const end = wordEnd(line, at);
      return [{ kind: 'text', text: line.slice(at, end) }, end];
    }
  }
}

function wordEnd(line: string, from: number): number {
  const encoded = line.startsWith('=?', from) ? encodedWordEnd(line, from) : -1;
  if (encoded !== -1) return encoded;
  let at = from + 1;
  while (at < line.length && !DELIMITERS.test(line[at]!)) at++;
  // `user:` inside an address list opens a group, but "03:15" and "http://" in a bare name do not.
  return at;
}

/** RFC 2047 2 caps a word at 75 characters; mailers that cut nothing write one of thousands. */
function encodedWordEnd(line: string, from: number): number {
  const head = /^=\?[^?\s]{1,60}\?[bq]\?/i.exec(line.slice(from, from + 70));
  if (head === null) return -1;
  const end = line.indexOf('?=', from + head[0].length);
  return end === -1 || end - from > 10_000 ? -1 : end + 2;
}

/** Reads up to the closing letter; a backslash takes the next letter as it is. */
function delimited(line: string, from: number, close: string): [string, number] {
  let text = '';
  let start = from;
  let at = from;
  for (; at < line.length && line[at] !== close; at++) {
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
