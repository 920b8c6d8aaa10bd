/** A piece of markup: a tag, or something that is skipped (comment, declaration, element whose content is no text). */
export interface Markup {
  readonly kind: 'open' | 'close' | 'skip' | 'none';
  /** In lower case; empty for `skip` and `none`. */
  readonly name: string;
  /** Offset behind it. For `none` (a `<` that begins nothing) the offset behind the `<`. */
  readonly end: number;
}

/** Elements whose content is not text and not shown. */
const SILENT = new Set(['style', 'script', 'title', 'template', 'svg', 'math']);

/**
 * What begins with the `<` at `open`. Reads HTML as browsers do in the main: attribute values in quotes may hold `>`,
 * silent elements run to their closing tag, what never closes runs to the end. Made for finding words and counting
 * levels; what is shown is decided by the sanitiser. Linear when it is called from each `end` on.
 */
export function markupAt(html: string, open: number): Markup {
  if (html.startsWith('<!--', open)) return skip(behind(html, '-->', open + 2));
  const name = /^<\/?([a-z][a-z0-9]{0,30})/i.exec(html.slice(open, open + 34))?.[1]?.toLowerCase();
  if (name === undefined) {
    if (/^<[/!?]/.test(html.slice(open, open + 2))) return skip(behind(html, '>', open));
    return { kind: 'none', name: '', end: open + 1 };
  }
  const end = tagEnd(html, open);
  if (html[open + 1] === '/') return { kind: 'close', name, end };
  return SILENT.has(name) ? skip(silentEnd(html, name, end)) : { kind: 'open', name, end };
}

function skip(end: number): Markup {
  return { kind: 'skip', name: '', end };
}

/** Offset behind the `>` of a tag; one inside a quoted attribute value does not count. */
function tagEnd(html: string, open: number): number {
  for (let at = open + 1; at < html.length; at++) {
    const letter = html[at];
    if (letter === '>') return at + 1;
    if ((letter === '"' || letter === "'") && html[at - 1] === '=') {
      const close = html.indexOf(letter, at + 1);
      if (close === -1) return behind(html, '>', at);
      at = close;
    }
  }
  return html.length;
}

function silentEnd(html: string, name: string, from: number): number {
  const close = new RegExp(`</${name}(?![a-z0-9])`, 'gi');
  close.lastIndex = from;
  const found = close.exec(html);
  return found === null ? html.length : behind(html, '>', found.index);
}

function behind(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found === -1 ? html.length : found + mark.length;
}
