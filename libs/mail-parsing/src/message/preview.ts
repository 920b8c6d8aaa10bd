import { cutText } from '../header/cut-text.js';
import { displayLine } from '../header/header-text.js';
import { htmlToText } from '../html/html-to-text.js';
import { type MimePart } from '../mime/mime-part.js';
import { partTextBeginning } from '../mime/part-text.js';
import { bodyBlocks } from './body-blocks.js';
import { type ParsedMessage } from './parsed-message.js';
import { tnefOfMessage } from './tnef-part.js';

const PREVIEW_LENGTH = 200;
/** Encoded bytes looked at first; HTML begins with styles, so it may need the second helping. */
const HELPINGS = [4_096, 65_536, 524_288];

/** The beginning of the body on one line: of its plain text, or of its HTML when there is none or it is empty. */
export function previewOf(message: ParsedMessage): string {
  const blocks = bodyBlocks(message.root);
  if (blocks.length === 0) return previewOfTnef(message);
  for (const { text, html } of blocks) {
    for (const part of [...text, ...html]) {
      const preview = beginningOf(part);
      if (preview !== '') return preview;
    }
  }
  return '';
}

function previewOfTnef(message: ParsedMessage): string {
  const content = tnefOfMessage(message);
  return shortened(content?.text ?? htmlToText(content?.html ?? ''));
}

function beginningOf(part: MimePart): string {
  let preview = '';
  for (const helping of HELPINGS) {
    const beginning = partTextBeginning(part, helping);
    preview = shortened(part.type === 'text/html' ? htmlToText(beginning) : beginning);
    if (preview.length >= PREVIEW_LENGTH - 1 || part.body.length <= helping) break;
  }
  return preview;
}

function shortened(text: string): string {
  // White space takes room before it is folded; four times the length is more than enough for real text.
  const line = displayLine(
    text
      .trimStart()
      .slice(0, PREVIEW_LENGTH * 4)
      .replace(/[\s\u200b-\u200f\u2060\ufeff\u034f]+/g, ' '),
  );
  return cutText(line, PREVIEW_LENGTH).trimEnd();
}
