import { summarizeMail } from '@libs/mail-parsing';
import type { FoundMail, WantedMail } from './mail-finder.port.js';

/** Headers above this say nothing: no program writes them, and reading them takes the time of everybody else. */
const HEADER_BYTES = 64 * 1024;

/** What a mail's own header says of it. */
export function headerFacts(header: Buffer): Pick<FoundMail, 'messageId' | 'from'> {
  if (header.length > HEADER_BYTES) return { messageId: null, from: null };
  const { messageId, from } = summarizeMail(header);
  return { messageId, from: from && { name: from.name ?? '', address: from.address } };
}

/** Whether a mail is one that is wanted, as far as a server can be relied on to have told. */
export function isWanted(wanted: WantedMail, { messageId, receivedAt }: FoundMail): boolean {
  if ('messageId' in wanted) return messageId === wanted.messageId;
  return receivedAt === null || (receivedAt >= wanted.since && receivedAt < wanted.until);
}
