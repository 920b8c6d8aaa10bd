import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';

interface ClaimDocument {
  readonly _id: string;
  readonly holder: string;
  readonly since: Date;
}

/** A claim this young may belong to a command that has not appended yet. */
const IN_FLIGHT_MS = 60_000;
const DUPLICATE_KEY = 11_000;

/**
 * What may exist only once, across streams and instances: a name is claimed before the event that uses it is
 * appended, and given back after the event that ends its use. A crash in between leaves a claim whose holder does
 * not use it; `isInUse` tells those apart, so nobody is locked out for good.
 */
@Injectable()
export class Claims {
  private readonly collection: Collection<ClaimDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.collection = connection.collection<ClaimDocument>('claims');
  }

  /**
   * Claims `name` for `holder` and answers null, or answers who holds it. Claiming again what one holds is no change.
   * @param isInUse whether the present holder really uses the name, by its own stream
   */
  async take(name: string, holder: string, isInUse: (holder: string) => Promise<boolean>): Promise<string | null> {
    const present = await this.insert(name, holder);
    if (present === null || present.holder === holder) return null;
    const inFlight = Date.now() - present.since.getTime() < IN_FLIGHT_MS;
    if (inFlight || (await isInUse(present.holder))) return present.holder;
    const takenOver = await this.collection.updateOne(
      { _id: name, holder: present.holder },
      { $set: { holder, since: new Date() } },
    );
    return takenOver.modifiedCount === 1 ? null : present.holder;
  }

  /** Gives the name back; nothing happens when somebody else holds it by now. */
  async release(name: string, holder: string): Promise<void> {
    await this.collection.deleteOne({ _id: name, holder });
  }

  private async insert(name: string, holder: string): Promise<ClaimDocument | null> {
    try {
      await this.collection.insertOne({ _id: name, holder, since: new Date() });
      return null;
    } catch (error) {
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
      return this.collection.findOne({ _id: name });
    }
  }
}
