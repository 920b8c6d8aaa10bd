import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection, mongo } from 'mongoose';

/** What is left of a kept mail: by what it is recognised, should it come again, and nothing of what it said. */
interface SourceDocument {
  readonly _id: string;
  readonly company: string;
  readonly userId: string;
  readonly receivedAt: Date;
  readonly identities: readonly string[];
  readonly erasedAt?: Date;
}

/** A mail that can be erased. */
export type ErasableMail = Pick<SourceDocument, 'userId'> & { readonly id: string };

const NOTHING = { from: null, to: [], subject: '', preview: '', hasAttachments: false, size: 0 };

/**
 * Erases from the collection of sources. A mark stays in the place of each mail, because events go on naming it: a
 * rebuild of the read models meets the mark, and the same mail coming in again is known and not taken a second time.
 */
@Injectable()
export class ErasedSources {
  private readonly sources: Collection<SourceDocument>;

  constructor(@InjectConnection() private readonly connection: Connection) {
    this.sources = connection.collection<SourceDocument>('message_sources');
  }

  async prepare(): Promise<void> {
    await this.sources.createIndex({ company: 1, receivedAt: 1 });
  }

  /** Mails of a person that are not erased yet, at most so many. */
  async ofPerson(company: string, userId: string, limit: number): Promise<readonly ErasableMail[]> {
    return this.find({ company, userId, erasedAt: { $exists: false } }, limit);
  }

  /** Mails received before an instant that are not erased yet, the oldest first. */
  async receivedBefore(company: string, before: Date, limit: number): Promise<readonly ErasableMail[]> {
    return this.find({ company, receivedAt: { $lt: before }, erasedAt: { $exists: false } }, limit);
  }

  /** Which of these mails are erased. */
  async erasedAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const filter = { _id: { $in: [...ids] }, erasedAt: { $exists: true } };
    const found = await this.sources.find(filter, { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Erases sources and summaries. Doing it again changes nothing. */
  async erase(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.eraseLarge(id);
    const blank = { summary: NOTHING, unreadable: null, messageIdHeader: null, locator: '' };
    await this.sources.updateMany({ _id: { $in: [...ids] }, erasedAt: { $exists: false } }, {
      $set: { ...blank, zstd: null, erasedAt: new Date() },
      $unset: { rereadPending: '' },
    } as object);
  }

  private async find(filter: object, limit: number): Promise<readonly ErasableMail[]> {
    const found = await this.sources
      .find(filter, { projection: { userId: 1 } })
      .sort({ receivedAt: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, userId }) => ({ id: _id, userId }));
  }

  private async eraseLarge(id: string): Promise<void> {
    const { db } = this.connection;
    if (!db) throw new Error('MongoDB is not connected.');
    const large = new mongo.GridFSBucket(db, { bucketName: 'large_message_sources' });
    for await (const { _id } of large.find({ filename: id })) await large.delete(_id);
  }
}
