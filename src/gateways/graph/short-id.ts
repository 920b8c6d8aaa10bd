import { createHash } from 'node:crypto';

/** A short name for an id within a cursor, which an event keeps: 66 bits, where a page has some thousand mails. */
export function shortId(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 11);
}
