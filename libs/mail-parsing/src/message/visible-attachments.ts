import { partText } from '../mime/part-text.js';
import { attachmentSources, type AttachmentSource } from './attachment-sources.js';
import { bodyBlocks } from './body-blocks.js';
import { referencedContentIds } from './content-ids.js';
import { type ParsedMessage } from './parsed-message.js';

/** Whether a person has something to download: an attachment that neither the body shows nor signs the message. */
export function hasVisibleAttachments(message: ParsedMessage): boolean {
  const doubtful: AttachmentSource[] = [];
  for (const attachment of attachmentSources(message)) {
    if (attachment.signature) continue;
    if (attachment.contentId === null) return true;
    doubtful.push(attachment);
  }
  if (doubtful.length === 0) return false;
  const html = bodyBlocks(message.root).flatMap((block) => block.html);
  const bytes = html.reduce((sum, part) => sum + part.body.length, 0);
  // More text than would ever be shown shows nothing either.
  if (bytes > message.limits.textBytes) return true;
  // Only now is the HTML worth decoding.
  const shown = referencedContentIds(html.map((part) => partText(part)).join(' '));
  return doubtful.some(({ contentId }) => !shown.has(contentId!));
}
