import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { createHash } from 'node:crypto';
import { type Collection, type Connection } from 'mongoose';
import { type StoredCursor } from '../inbox.events.js';

/** Longest cursor, as JSON, that stands in an event itself. */
const LONGEST_INLINE = 2_048;

/** What stands in an event in the place of a longer one. */
type CursorReference = { readonly protocol: string; readonly ref: string; readonly bytes: number };

interface CursorDocument {
  readonly _id: string;
  readonly mailbox: string;
  readonly cursor: StoredCursor;
  readonly usedAt: Date;
}

/**
 * Cursors too long for an event, such as the unique ids of a POP3 INBOX: named by their content, and written before
 * the event that refers to them. An event stays small however many mails an INBOX holds, and a batch that is stored
 * again writes the same cursor. One that was lost after all is a cursor that the server does not know (`resolve`).
 */
@Injectable()
export class KeptCursors {
  private readonly cursors: Collection<CursorDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.cursors = connection.collection<CursorDocument>('mailbox_cursors');
  }

  async prepare(): Promise<void> {
    await this.cursors.createIndex({ mailbox: 1, usedAt: 1 });
  }

  /** The cursor as an event may carry it; what it refers to is durable when this resolves. */
  async toStored(mailbox: string, cursor: StoredCursor): Promise<StoredCursor> {
    const json = JSON.stringify(cursor);
    if (json.length <= LONGEST_INLINE) return cursor;
    const ref = createHash('sha256').update(mailbox).update('\0').update(json).digest('base64url');
    const usedAt = new Date();
    const { matchedCount } = await this.cursors.updateOne({ _id: ref }, { $set: { usedAt } });
    if (matchedCount === 0) {
      await this.cursors.updateOne({ _id: ref }, { $set: { mailbox, cursor, usedAt } }, { upsert: true });
    }
    return { protocol: String(cursor['protocol']), ref, bytes: json.length } satisfies CursorReference;
  }

  /** What the reader once gave; `lost`: it is kept no longer, so that reading has to begin anew. */
  async resolve(stored: StoredCursor | null): Promise<StoredCursor | null | 'lost'> {
    const ref = refOf(stored);
    if (ref === null) return stored;
    return (await this.cursors.findOne({ _id: ref }))?.cursor ?? 'lost';
  }

  /**
   * Forgets the mailbox's cursors that nobody needs. What was used after `unusedSince` stays, for somebody may be
   * about to append an event that refers to it.
   */
  async forgetOthers(mailbox: string, needed: readonly (StoredCursor | null)[], unusedSince: Date): Promise<void> {
    const refs = needed.map(refOf).filter((ref) => ref !== null);
    await this.cursors.deleteMany({ mailbox, usedAt: { $lt: unusedSince }, _id: { $nin: refs } });
  }
}

function refOf(stored: StoredCursor | null): string | null {
  const ref = stored?.['ref'];
  return typeof ref === 'string' && typeof stored?.['bytes'] === 'number' ? ref : null;
}
