import { Injectable } from '@nestjs/common';
import { Rejection } from '@libs/eventsourcing';
import { RateLimits } from '../../../platform/rate-limits/index.js';
import { type Route } from '../outbox.events.js';

const MINUTE = 60_000;
/** What one company may send by HRBC's server: receivers judge that server by what all companies send. */
const LIMITS = [
  { name: 'minute', most: 100, perMs: MINUTE },
  { name: 'hour', most: 2_000, perMs: 60 * MINUTE },
];

/** Keeps one company from spoiling the others' reputation: its mails wait, they are not refused. */
@Injectable()
export class CompanyPace {
  constructor(private readonly limits: RateLimits) {}

  /** How many milliseconds the mail has to wait; 0: it may be sent now, and counts. */
  async waitFor(company: string, route: Route): Promise<number> {
    // Office365 and Gmail have limits of their own, for each mailbox.
    if (route !== 'hrbc') return 0;
    for (const { name, most, perMs } of LIMITS) {
      const wait = await this.waitOf({ name: `outbox|${company}|${name}`, most, perMs });
      if (wait > 0) return wait;
    }
    return 0;
  }

  private async waitOf(limit: {
    readonly name: string;
    readonly most: number;
    readonly perMs: number;
  }): Promise<number> {
    try {
      await this.limits.take(limit);
      return 0;
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'rate_limited') throw error;
      return Number(error.params['retryAfterSeconds']) * 1_000;
    }
  }
}
