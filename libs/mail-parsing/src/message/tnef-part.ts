import { MailUnreadable } from '../mail-unreadable.error.js';
import { readTnef, type TnefContent } from '../tnef/read-tnef.js';
import { type MimePart } from '../mime/mime-part.js';
import { type ParsedMessage } from './parsed-message.js';

/** Whether the part is a winmail.dat: by its type, or by its name when a gateway has lost the type. */
export function isTnef(part: MimePart): boolean {
  if (part.type === 'application/ms-tnef' || part.type === 'application/vnd.ms-tnef') return true;
  if (part.type !== 'application/octet-stream') return false;
  const { headers } = part;
  return /\bwinmail\.dat\b/i.test(
    `${headers.first('content-type') ?? ''} ${headers.first('content-disposition') ?? ''}`,
  );
}

/** What the message's first winmail.dat holds; null when it has none that can be opened. */
export function tnefOfMessage(message: ParsedMessage): TnefContent | null {
  for (const part of message.root.walk()) if (isTnef(part)) return openTnef(part, message);
  return null;
}

/** What a winmail.dat holds; null when it cannot be opened. @throws MailUnreadable too-many-parts, decoded-too-large */
export function openTnef(part: MimePart, { limits }: ParsedMessage): TnefContent | null {
  if (part.body.length > limits.decodedBytes) throw new MailUnreadable('decoded-too-large');
  return readTnef(part.decodedBody(), { depth: limits.tnefDepth, attachments: limits.parts });
}
