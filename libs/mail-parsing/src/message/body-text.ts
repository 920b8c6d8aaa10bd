import { htmlToText } from '../html/html-to-text.js';
import { textToHtml } from '../html/text-to-html.js';
import { MailUnreadable } from '../mail-unreadable.error.js';
import { type MimePart } from '../mime/mime-part.js';
import { partText } from '../mime/part-text.js';
import { bodyBlocks, type BodyBlock } from './body-blocks.js';
import { type ParsedMessage } from './parsed-message.js';
import { tnefOfMessage } from './tnef-part.js';

export interface MailBody {
  readonly text: string | null;
  readonly html: string | null;
}

/**
 * The whole body, as plain text and as HTML where there is some. A body of several parts is put together in order; where
 * plain and HTML parts follow each other, each is turned into the other's form, so that neither rendering lacks a part.
 * A message without a body part shows the body that its winmail.dat carries.
 *
 * @throws MailUnreadable decoded-too-large
 */
export function bodyOf(message: ParsedMessage): MailBody {
  const blocks = bodyBlocks(message.root);
  if (blocks.length === 0) return tnefOfMessage(message) ?? { text: null, html: null };
  const parts = new Set(blocks.flatMap(({ text, html }) => [...text, ...html]));
  let bytes = 0;
  for (const part of parts) bytes += part.body.length;
  if (bytes > message.limits.textBytes) throw new MailUnreadable('decoded-too-large');
  const texts = new Map(Array.from(parts, (part) => [part, partText(part)]));
  return { text: asText(blocks, texts), html: asHtml(blocks, texts) };
}

type Texts = ReadonlyMap<MimePart, string>;

function asText(blocks: readonly BodyBlock[], texts: Texts): string | null {
  if (!blocks.some(({ text }) => text.length > 0)) return null;
  return joined(
    blocks.map(({ text, html }) => (text.length > 0 ? text : html)),
    (part) => (part.type === 'text/html' ? htmlToText(texts.get(part)!) : texts.get(part)!),
  );
}

function asHtml(blocks: readonly BodyBlock[], texts: Texts): string | null {
  if (!blocks.some(({ html }) => html.length > 0)) return null;
  return joined(
    blocks.map(({ text, html }) => (html.length > 0 ? html : text)),
    (part) => (part.type === 'text/html' ? texts.get(part)! : textToHtml(texts.get(part)!)),
  );
}

function joined(blocks: readonly (readonly MimePart[])[], render: (part: MimePart) => string): string {
  return blocks
    .flat()
    .map(render)
    .filter((text) => text !== '')
    .join('\n');
}
