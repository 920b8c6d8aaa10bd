import { type ParsedForImport } from '../mail-parsing.js';
import { headerIdentityOf, messageIdOf } from '../receiving/message-identity.js';
import { type MailReading } from '../receiving/message-store.js';

/** What a parsed source is to be kept as. */
export function readingOf(
  company: string,
  userId: string,
  { identity, summary, unreadable }: ParsedForImport,
  size: number,
): MailReading {
  return {
    summary: { ...summary, size },
    unreadable,
    messageIdHeader: identity.messageId,
    headerIdentity: headerIdentityOf(company, userId, identity),
    identities: [messageIdOf(company, userId, identity)],
  };
}
