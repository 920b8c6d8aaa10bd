import { type Position } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { isDuplicateKey } from '../security/credentials/duplicate-key.js';
import { type Collection, type Connection } from 'mongoose';

interface CheckpointDocument {
  readonly _id: string;
  readonly position: Position;
  readonly updatedAt: Date;
}

/** How far each catch-up loop has come. Written after the work is done, never before. */
@Injectable()
export class Checkpoints {
  private readonly collection: Collection<CheckpointDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.collection = connection.collection<CheckpointDocument>('checkpoints');
  }

  /** null: nothing has been done yet. */
  async read(name: string): Promise<Position | null> {
    return (await this.collection.findOne({ _id: name }))?.position ?? null;
  }

  /** As if nothing had been done. */
  async forget(name: string): Promise<void> {
    await this.collection.deleteOne({ _id: name });
  }

  /** Only ever forward: an instance that lags behind cannot take another's progress back. */
  async advance(name: string, position: Position): Promise<void> {
    const update = { $max: { position }, $set: { updatedAt: new Date() } };
    try {
      await this.collection.updateOne({ _id: name }, update, { upsert: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // Two instances made the first checkpoint at once; it is there now.
      await this.collection.updateOne({ _id: name }, update);
    }
  }
}
