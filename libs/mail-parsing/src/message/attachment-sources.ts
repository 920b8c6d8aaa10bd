import { type MimePart } from '../mime/mime-part.js';
import { encodedSize } from '../mime/encoded-size.js';
import { MailUnreadable } from '../mail-unreadable.error.js';
import { type ParsedMessage } from './parsed-message.js';
import { firstLeaf, isBodyText } from './body-blocks.js';
import { fileNameOf } from './file-name.js';
import { isTnef, openTnef } from './tnef-part.js';

/** An attachment that has been located; its bytes are decoded when asked for. */
export interface AttachmentSource {
  /** As the message has it, null when it says nothing. Not safe to use (`safeFileName`). */
  readonly name: string | null;
  readonly type: string;
  readonly contentId: string | null;
  /** The signature of the message, which is of no use by itself. */
  readonly signature: boolean;
  size(): number;
  bytes(): Buffer;
}

/**
 * The attachments in the order of the message. The order depends on nothing but the bytes, so an attachment's position
 * is its address. What Outlook packed into a winmail.dat stands in its place; a winmail.dat that cannot be opened, or
 * that holds nothing but formatting, gives itself or nothing.
 */
export function* attachmentSources(message: ParsedMessage): Generator<AttachmentSource> {
  const first = firstLeaf(message.root);
  for (const part of message.root.walk()) {
    if (part.isMultipart || isBodyText(part, first) || isRedundant(part)) continue;
    if (isTnef(part)) yield* fromTnef(part, message);
    else yield fromPart(part, message);
  }
}

/**
 * Parts that hold nothing of their own: other renderings of the body for watches and for AMP (Gmail), and the resource
 * fork that macOS sends beside a file (RFC 1740).
 */
function isRedundant(part: MimePart): boolean {
  const container = part.parent?.type;
  if (container === 'multipart/alternative') return /^text\/(?:x-amp-html|watch-html)$/.test(part.type);
  return container === 'multipart/appledouble' && part.type === 'application/applefile';
}

function fromPart(part: MimePart, message: ParsedMessage): AttachmentSource {
  return {
    name: fileNameOf(part, message.reading),
    type: part.type,
    contentId: part.contentId,
    signature:
      part.parent?.type === 'multipart/signed' && /^application\/(?:x-)?(?:pkcs7|pgp)-signature$/.test(part.type),
    size: () => encodedSize(part.body, part.encoding),
    bytes: () => {
      // Every encoding shrinks when it is undone, so this bounds what is allocated.
      if (part.body.length > message.limits.decodedBytes) throw new MailUnreadable('decoded-too-large');
      return part.decodedBody();
    },
  };
}

function* fromTnef(part: MimePart, message: ParsedMessage): Generator<AttachmentSource> {
  const content = openTnef(part, message);
  if (content === null) {
    yield fromPart(part, message);
    return;
  }
  for (const { name, type, contentId, bytes } of content.attachments) {
    yield { name, type, contentId, signature: false, size: () => bytes.length, bytes: () => bytes };
  }
}
