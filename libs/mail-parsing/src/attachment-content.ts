import { MailUnreadable } from './mail-unreadable.error.js';
import { attachmentSources } from './message/attachment-sources.js';
import { ParsedMessage } from './message/parsed-message.js';
import { safeFileName } from './message/safe-file-name.js';
import { type ParseOptions } from './parse-limits.js';

export interface AttachmentContent {
  /** Safe to save; the same as in `readMail`. */
  readonly name: string;
  readonly type: string;
  /** May share memory with the source. */
  readonly bytes: Uint8Array;
}

/**
 * One attachment, decoded.
 *
 * @param index as `readMail` gave it
 * @throws MailUnreadable no-such-attachment; decoded-too-large and the rest when the message is beyond the limits
 */
export function attachmentContent(source: Uint8Array, index: number, options?: ParseOptions): AttachmentContent {
  let position = 0;
  for (const attachment of attachmentSources(new ParsedMessage(source, options))) {
    if (position === index) {
      const { name, type } = attachment;
      return { name: safeFileName(name, type, index), type, bytes: attachment.bytes() };
    }
    position++;
  }
  throw new MailUnreadable('no-such-attachment');
}
