import { decodeEntities } from './entities.js';

/** Elements whose content is not text. */
const SILENT = new Set(['style', 'script', 'title', 'template', 'svg', 'math']);
const BLOCK = new Set(
  'address article aside blockquote br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
);

/**
 * The words of an HTML body: tags, comments, styles and scripts gone, block elements on lines of their own. For previews
 * and for reading aloud; it is text and never to be shown as HTML. Linear; never throws.
 */
export function htmlToText(html: string): string {
  const out: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) break;
    out.push(wordsOf(html.slice(at, open)));
    at = afterMarkup(html, open, out);
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

/** Offset behind the markup that begins with the `<` at `open`. */
function afterMarkup(html: string, open: number, out: string[]): number {
  if (html.startsWith('<!--', open)) return behind(html, '-->', open + 2);
  const name = /^<\/?([a-z][a-z0-9]{0,30})/i.exec(html.slice(open, open + 34))?.[1]?.toLowerCase();
  if (name === undefined) {
    if (/^<[/!?]/.test(html.slice(open, open + 2))) return behind(html, '>', open);
    out.push('<');
    return open + 1;
  }
  if (BLOCK.has(name)) out.push('\n');
  else if (name === 'td' || name === 'th') out.push(' ');
  const end = tagEnd(html, open);
  if (!SILENT.has(name) || html[open + 1] === '/') return end;
  return silentEnd(html, name, end);
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
