import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, type Model, Schema } from 'mongoose';
import { isDuplicateKey } from '../security/credentials/duplicate-key.js';

interface LeaseDocument {
  readonly _id: string;
  readonly holder: string;
  /** Grows with every take and never shrinks: the document stays when a lease ends. */
  readonly fence: number;
  readonly until: Date;
}

const schema = new Schema<LeaseDocument>(
  { _id: { type: String, required: true }, holder: String, fence: Number, until: Date },
  { collection: 'leases', versionKey: false },
);

/**
 * Who may work on what, across instances (test/contracts/leases):
 * - at any moment at most one holder was given a lease that has not run out;
 * - each take gives a greater fencing number than all before it, so that whoever is written to can tell a late
 *   holder, whose lease has run out without its noticing, from the present one;
 * - a holder that dies blocks nobody for longer than its `ttlMs`.
 * Instances' clocks may differ, but by less than the leases are long.
 */
@Injectable()
export class Leases {
  private readonly documents: Model<LeaseDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.documents = connection.model<LeaseDocument>('Lease', schema);
  }

  /** The lease; null while somebody has it, the same holder included. */
  async take(name: string, holder: string, ttlMs: number): Promise<{ readonly fence: number } | null> {
    const now = Date.now();
    try {
      const taken = await this.documents
        .findOneAndUpdate(
          { _id: name, until: { $lte: new Date(now) } },
          { $set: { holder, until: new Date(now + ttlMs) }, $inc: { fence: 1 } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<LeaseDocument>()
        .exec();
      return taken === null ? null : { fence: taken.fence };
    } catch (error) {
      // It exists and has not run out, so the filter found nothing and the insert met it.
      if (isDuplicateKey(error)) return null;
      throw error;
    }
  }

  /** Prolongs the lease from now on; false when it has passed to somebody else. */
  async renew(name: string, holder: string, fence: number, ttlMs: number): Promise<boolean> {
    const until = new Date(Date.now() + ttlMs);
    return (await this.documents.updateOne({ _id: name, holder, fence }, { $set: { until } })).matchedCount === 1;
  }

  /** Gives the lease back; nothing happens when it has passed to somebody else. */
  async release(name: string, holder: string, fence: number): Promise<void> {
    await this.documents.updateOne({ _id: name, holder, fence }, { $set: { until: new Date(0) } });
  }
}
