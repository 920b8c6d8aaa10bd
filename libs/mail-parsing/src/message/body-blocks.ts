import { type MimePart } from '../mime/mime-part.js';
import { hasFileName } from './file-name.js';

/** A stretch of the body, as plain text, as HTML, or as both when they are alternatives of each other. */
export interface BodyBlock {
  readonly text: readonly MimePart[];
  readonly html: readonly MimePart[];
}

/**
 * The body of a message in the order in which it is to be read. Of alternatives the first plain text and the last HTML
 * count (RFC 2046, 5.1.4); texts that are mixed with attachments follow each other, as Apple Mail sends them.
 */
export function bodyBlocks(root: MimePart): BodyBlock[] {
  return blocksOf(root, firstLeaf(root));
}

function blocksOf(part: MimePart, first: MimePart): BodyBlock[] {
  if (!part.isMultipart) return isBodyText(part, first) ? [blockOf(part)] : [];
  const blocks = part.children.map((child) => blocksOf(child, first));
  return part.type === 'multipart/alternative' ? chosen(blocks) : blocks.flat();
}

function blockOf(part: MimePart): BodyBlock {
  return part.type === 'text/html' ? { text: [], html: [part] } : { text: [part], html: [] };
}

function chosen(alternatives: readonly BodyBlock[][]): BodyBlock[] {
  const text = alternatives.find((blocks) => blocks.some((block) => block.text.length > 0));
  const html = alternatives.findLast((blocks) => blocks.some((block) => block.html.length > 0));
  if (text === undefined || html === undefined || text === html) return text ?? html ?? [];
  return [
    { text: text.flatMap((block) => block.text), html: html.flatMap((b) => (b.html.length > 0 ? b.html : b.text)) },
  ];
}

/**
 * Whether a leaf is body and not attachment. A text with a file name is an attachment, except as the very first part:
 * some mailers name the body itself.
 */
export function isBodyText(part: MimePart, first: MimePart): boolean {
  if (part.type !== 'text/plain' && part.type !== 'text/html') return false;
  if (part.disposition.value === 'attachment') return false;
  return part === first || !hasFileName(part);
}

/** The first part that is no multipart. */
export function firstLeaf(root: MimePart): MimePart {
  let part = root;
  for (let child = part.children[0]; child !== undefined; child = part.children[0]) part = child;
  return part;
}
