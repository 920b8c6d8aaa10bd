import { partText } from '../mime/part-text.js';
import { attachmentSources, type AttachmentSource } from './attachment-sources.js';
import { bodyBlocks, type BodyBlock } from './body-blocks.js';
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
  // Only now is the HTML worth decoding.
  const shown = shownContentIds(bodyBlocks(message.root));
  return doubtful.some(({ contentId }) => !shown.has(contentId!));
}

function shownContentIds(blocks: readonly BodyBlock[]): Set<string> {
  return referencedContentIds(blocks.flatMap(({ html }) => html.map((part) => partText(part))).join(' '));
}
