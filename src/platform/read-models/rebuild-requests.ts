import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';

/** How a rebuild goes, or went. `npm run projections:rebuild` asks for one and shows this. */
export interface RebuildRequest {
  /** The read model. */
  readonly _id: string;
  readonly state: 'requested' | 'running' | 'done' | 'failed';
  readonly requestedAt: Date;
  /** While running: nobody else takes it before this. */
  readonly leaseUntil: Date;
  /** 0 to 1. */
  readonly progress: number;
  /** Once done: how many documents the two generations have, and which were not equal. */
  readonly documents?: number;
  readonly different?: readonly string[];
  readonly error?: string;
}

/** How long a rebuild whose instance died waits for another; signs of life come much more often. */
export const LEASE_MS = 30_000;
const PAST = new Date(0);

/** Rebuilds that operators have asked for. An instance takes one at a time; a dead instance's is taken over. */
@Injectable()
export class RebuildRequests {
  private readonly collection: Collection<RebuildRequest>;

  constructor(@InjectConnection() connection: Connection) {
    this.collection = connection.collection<RebuildRequest>('read_model_rebuilds');
  }

  /** Asks for a rebuild; one that is under way goes on. */
  async ask(name: string): Promise<void> {
    const { matchedCount } = await this.collection.updateOne(
      { _id: name, state: { $in: ['requested', 'running'] } },
      { $set: { _id: name } },
    );
    if (matchedCount > 0) return;
    const fresh = { state: 'requested', requestedAt: new Date(), leaseUntil: PAST, progress: 0 } as const;
    await this.collection.replaceOne({ _id: name }, fresh, { upsert: true });
  }

  async find(name: string): Promise<RebuildRequest | null> {
    return this.collection.findOne({ _id: name });
  }

  /** The request that has waited longest, for one of these read models; null: there is none. */
  async take(names: readonly string[], now = new Date()): Promise<RebuildRequest | null> {
    return this.collection.findOneAndUpdate(
      { _id: { $in: [...names] }, state: { $in: ['requested', 'running'] }, leaseUntil: { $lte: now } },
      { $set: { state: 'running', leaseUntil: new Date(now.getTime() + LEASE_MS) } },
      { sort: { requestedAt: 1 }, returnDocument: 'before' },
    );
  }

  async report(name: string, progress: number): Promise<void> {
    await this.collection.updateOne({ _id: name, state: 'running' }, { $set: { progress } });
  }

  /** A sign of life. */
  async renew(name: string): Promise<void> {
    const leaseUntil = new Date(Date.now() + LEASE_MS);
    await this.collection.updateOne({ _id: name, state: 'running' }, { $set: { leaseUntil } });
  }

  async finish(name: string, documents: number, different: readonly string[]): Promise<void> {
    await this.collection.updateOne(
      { _id: name },
      { $set: { state: 'done', progress: 1, documents, different: [...different] } },
    );
  }

  async fail(name: string, error: string): Promise<void> {
    await this.collection.updateOne({ _id: name }, { $set: { state: 'failed', error } });
  }
}
