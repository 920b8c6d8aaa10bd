export interface StyleDeclaration {
  /** In lower case. */
  readonly property: string;
  readonly value: string;
}

/**
 * The declarations of a style attribute (CSS Style Attributes). Comments go; semicolons in quotes and brackets do not
 * separate; a declaration whose quotes or brackets never close is dropped with the rest, as browsers do. Linear.
 */
export function* splitDeclarations(style: string): Generator<StyleDeclaration> {
  const text = withoutComments(style);
  let start = 0;
  let quote = '';
  let brackets = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '(') brackets++;
    else if (letter === ')') brackets--;
    else if (letter === ';' && brackets <= 0) {
      yield* declaration(text.slice(start, at));
      start = at + 1;
    }
  }
  if (quote === '' && brackets === 0) yield* declaration(text.slice(start));
}

function* declaration(text: string): Generator<StyleDeclaration> {
  const colon = text.indexOf(':');
  if (colon === -1) return;
  yield { property: text.slice(0, colon).trim().toLowerCase(), value: text.slice(colon + 1).trim() };
}

/** A comment separates what stands before and behind it; put together they could spell something else. */
function withoutComments(style: string): string {
  const parts: string[] = [];
  let at = 0;
  for (let open = style.indexOf('/*'); open !== -1; open = style.indexOf('/*', at)) {
    parts.push(style.slice(at, open), ' ');
    const close = style.indexOf('*/', open + 2);
    if (close === -1) return parts.join('');
    at = close + 2;
  }
  parts.push(style.slice(at));
  return parts.join('');
}
