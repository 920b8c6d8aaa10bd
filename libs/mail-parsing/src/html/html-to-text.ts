import { decodeEntities } from './entities.js';
import { markupAt } from './markup.js';

/** Elements that begin a new line. */
const BLOCK = new Set(
  (
    'address article aside blockquote br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li ' +
    'main nav ol p pre section table tr ul'
  ).split(' '),
);

/**
 * The words of an HTML body: tags, comments, styles and scripts gone, block elements on lines of their own. For previews
 * and for reading aloud; it is text and never to be shown as HTML. Linear; never throws.
 */
export function htmlToText(html: string): string {
  const out: string[] = [];
  let at = 0;
  for (let open = html.indexOf('<'); open !== -1; open = html.indexOf('<', at)) {
    out.push(wordsOf(html.slice(at, open)));
    const { kind, name, end } = markupAt(html, open);
    if (kind === 'none') out.push('<');
    else if (BLOCK.has(name)) out.push('\n');
    else if (name === 'td' || name === 'th') out.push(' ');
    at = end;
  }
  out.push(wordsOf(html.slice(at)));
  return out
    .join('')
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();
}

function wordsOf(text: string): string {
  return decodeEntities(text.replace(/[ \t\r\n\f]+/g, ' '));
}
