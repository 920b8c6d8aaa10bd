import { createHash } from 'node:crypto';

/** What a mail is recognised by, whichever protocol brought it. */
export interface Identity {
  readonly messageId: string | null;
  readonly date: string | null;
  readonly from: string | null;
  readonly contentHash: string;
}

/**
 * The id of a received mail: the same mail in the same mailbox always has the same one, whichever way and however
 * often it comes; two mails that differ in content are two, even with an equal Message-ID. 132 bits.
 */
export function messageIdOf(company: string, userId: string, identity: Identity): string {
  const { messageId, date, from, contentHash } = identity;
  return digest([company, userId, messageId, date, from, contentHash]);
}

/**
 * The same without the content: for a source whose bytes are made anew at every reading (Microsoft Graph), which can
 * be compared by its headers only.
 */
export function headerIdentityOf(company: string, userId: string, identity: Identity): string {
  const { messageId, date, from } = identity;
  return digest([company, userId, messageId, date, from]);
}

/**
 * What a mail is recognised by whatever is read of it: its bytes. The id of a mail that cannot be read is made from
 * it, and every other mail is looked for by it too, so that a parser which reads more than the one before makes no
 * second mail of the first.
 */
export function sourceIdentityOf(source: Uint8Array): Identity {
  const contentHash = createHash('sha256').update(source).digest('hex');
  return { messageId: null, date: null, from: null, contentHash };
}

/**
 * The id of a mail whose provider writes its bytes anew at every reading: where it lies there is all that stays the same.
 * @param world what the mailbox is called at the provider
 */
export function locatedIdOf(company: string, userId: string, world: string, locator: string): string {
  return digest([company, userId, 'located', world, locator]);
}

/** The id of a mail that the server would not hand over: all that is known of it is where it stands. */
export function unreadIdOf(company: string, userId: string, source: string, locator: string): string {
  return digest([company, userId, 'unread', source, locator]);
}

const digest = (parts: readonly (string | null)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
