import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection, mongo } from 'mongoose';

interface KeptDocument {
  readonly _id: string;
  readonly recipients: readonly string[];
  readonly erasedAt?: Date;
}

const NOBODY = { name: '', address: '' };

/**
 * Erases composed mail: its MIME, and what lists show of it. What stays is that there was a mail, and how many
 * recipients it had, because events name them by their place in the list.
 */
@Injectable()
export class ErasedMails {
  private readonly mails: Collection<KeptDocument>;

  constructor(@InjectConnection() private readonly connection: Connection) {
    this.mails = connection.collection<KeptDocument>('outbox_mails_kept');
  }

  /** Answers how many of these were not erased before. */
  async erase(company: string, ids: readonly string[]): Promise<number> {
    const filter = { _id: { $in: [...ids] }, company, erasedAt: { $exists: false } } as object;
    const present = await this.mails.find(filter, { projection: { recipients: 1 } }).toArray();
    for (const { _id, recipients } of present) await this.eraseOne(_id, recipients.length);
    return present.length;
  }

  private async eraseOne(id: string, recipients: number): Promise<void> {
    const { db } = this.connection;
    if (!db) throw new Error('MongoDB is not connected.');
    const sources = new mongo.GridFSBucket(db, { bucketName: 'outbox_sources' });
    for await (const { _id } of sources.find({ filename: id })) await sources.delete(_id);
    const people = { from: NOBODY, to: [], cc: [], bcc: [], recipients: Array(recipients).fill('') };
    const text = { subject: '', preview: '', hasAttachments: false, inReplyTo: null, fingerprint: '' };
    await this.mails.updateOne({ _id: id }, { $set: { ...people, ...text, erasedAt: new Date() } });
  }
}
