import { markupAt } from './markup.js';

/** Elements that never have content, and those that the next of their kind closes: they do not nest by repetition. */
const FLAT = new Set(
  (
    'area base basefont bgsound br col embed frame hr img input link meta param source track wbr ' +
    'p li dt dd td th tr thead tbody tfoot option optgroup rt rp'
  ).split(' '),
);

/**
 * The HTML without the opening tags that would nest deeper than `max`; the same string when none does, as in every mail
 * that a person wrote. The parser behind the sanitiser takes quadratic time for tags that are never closed.
 */
export function limitNesting(html: string, max: number): string {
  const open: string[] = [];
  const counts = new Map<string, number>();
  const kept: string[] = [];
  let from = 0;
  let at = 0;
  for (let start = html.indexOf('<'); start !== -1; start = html.indexOf('<', at)) {
    const { kind, name, end } = markupAt(html, start);
    at = end;
    if (kind === 'close') closeTo(name, open, counts);
    if (kind !== 'open' || FLAT.has(name)) continue;
    if (open.length < max) {
      open.push(name);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    } else {
      kept.push(html.slice(from, start));
      from = end;
    }
  }
  return from === 0 ? html : kept.join('') + html.slice(from);
}

/** A closing tag closes everything inside its element, and nothing when its element is not open. */
function closeTo(name: string, open: string[], counts: Map<string, number>): void {
  if ((counts.get(name) ?? 0) === 0) return;
  for (let closed = open.pop(); closed !== undefined; closed = open.pop()) {
    counts.set(closed, counts.get(closed)! - 1);
    if (closed === name) return;
  }
}
