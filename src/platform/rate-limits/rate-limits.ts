import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { rejectRate } from './rate-limits.errors.js';

interface WindowDocument {
  readonly _id: string;
  readonly used: number;
  readonly endsAt: Date;
}

export interface RateLimit {
  /** What is limited, and for whom: `diagnosis|company`. */
  readonly name: string;
  readonly most: number;
  readonly perMs: number;
}

/** What was taken of a window. */
export interface Share {
  readonly window: string;
  readonly amount: number;
}

/** Counts in fixed windows over all instances: enough to keep somebody from trying passwords or searching hosts. */
@Injectable()
export class RateLimits {
  private readonly windows: Collection<WindowDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.windows = connection.collection<WindowDocument>('rate_limits');
  }

  /**
   * Takes so much of the window; refuses with `rate_limited`, and when to come again, once it is used up. Whoever comes
   * while anything is left gets all he asks for, so nobody who needs much waits for ever behind those who need little.
   * Who is refused has taken nothing: room that is given back is there for the next one.
   */
  async take({ name, most, perMs }: RateLimit, amount = 1, now = Date.now()): Promise<Share> {
    const window = Math.floor(now / perMs);
    const endsAt = new Date((window + 1) * perMs);
    const share = { window: `${name}|${perMs}|${window}`, amount };
    const counted = await this.windows.findOneAndUpdate(
      { _id: share.window },
      { $inc: { used: amount }, $set: { endsAt } },
      { upsert: true, returnDocument: 'after' },
    );
    const usedBefore = (counted?.used ?? amount) - amount;
    if (usedBefore < most) return share;
    await this.giveBack(share);
    throw rejectRate('rate_limited', { retryAfterSeconds: Math.ceil((endsAt.getTime() - now) / 1_000) });
  }

  /** Gives back, once, what was taken and not used. Of a window that is over it means nothing. */
  async giveBack({ window, amount }: Share): Promise<void> {
    await this.windows.updateOne({ _id: window, used: { $gte: amount } }, { $inc: { used: -amount } });
  }

  /** Removes windows that are over; a periodic job. */
  async forgetExpired(): Promise<void> {
    await this.windows.deleteMany({ endsAt: { $lt: new Date() } });
  }
}
