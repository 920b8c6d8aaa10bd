import { createHash } from 'node:crypto';
import type { Pop3Cursor } from '../mail-reader.port.js';

/** Ids that a cursor lists; what was seen before them is only counted. About 55 KB of JSON. */
export const REMEMBERED = 5000;

/** Eight characters, 48 bits: that a new mail is taken for a seen one happens once in 10^10 mails. */
export function idHash(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 8);
}

/**
 * Which of the mails the cursor does not stand for: true for the new ones. `hashes` are those of the INBOX in its
 * order; null for a mail without id, which is always new. An id that stands there more often than it was seen is new
 * the rest of the times (RFC 1939, 7 lets equal mails share one). Where a cursor could not list all it had seen, what
 * stands before the listed ones counts as seen, as long as that is not more than there was; if it is, something else
 * has happened to the INBOX, and everything unlisted is new: too much is better than too little.
 */
export function unseen(hashes: readonly (string | null)[], cursor: Pop3Cursor | null): boolean[] {
  const left = new Map<string, number>();
  for (const hash of cursor?.uidls ?? []) left.set(hash, (left.get(hash) ?? 0) + 1);
  const isNew = hashes.map((hash) => {
    const count = (hash !== null && left.get(hash)) || 0;
    if (hash !== null) left.set(hash, count - 1);
    return count <= 0;
  });
  const firstListed = isNew.indexOf(false);
  if (cursor?.older && firstListed >= 0 && firstListed <= cursor.older) isNew.fill(false, 0, firstListed);
  return isNew;
}

/** The cursor that stands for the mails for which `seen` is true. */
export function cursorOf(hashes: readonly (string | null)[], seen: readonly boolean[]): Pop3Cursor {
  const uidls = hashes.filter((hash, index) => hash !== null && seen[index]) as string[];
  const older = uidls.length - REMEMBERED;
  return { protocol: 'pop3', uidls: uidls.slice(-REMEMBERED), ...(older > 0 && { older }) };
}
