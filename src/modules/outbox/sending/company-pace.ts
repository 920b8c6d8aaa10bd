import { Injectable } from '@nestjs/common';
import { Rejection } from '@libs/eventsourcing';
import { RateLimits } from '../../../platform/rate-limits/index.js';
import { KeptMails } from '../composing/kept-mails.js';
import { type Route } from '../outbox.events.js';

const MINUTE = 60_000;
/**
 * To how many recipients one company may send by HRBC's server: receivers judge that server by what all companies send,
 * and they count recipients. A mail always leaves whole, so the last one of a window may go beyond it.
 */
const LIMITS = [
  { name: 'minute', most: 300, perMs: MINUTE },
  { name: 'hour', most: 6_000, perMs: 60 * MINUTE },
];

interface DueMail {
  readonly company: string;
  readonly mailId: string;
}

interface Addressed {
  readonly route: Route;
  /** To whom alone it goes, where some have got it already. */
  readonly outstanding: readonly number[] | null;
}

/** Keeps one company from spoiling the others' reputation: its mails wait, they are not refused. */
@Injectable()
export class CompanyPace {
  constructor(
    private readonly limits: RateLimits,
    private readonly mails: KeptMails,
  ) {}

  /** How many milliseconds the mail has to wait; 0: it may be sent now, and counts. */
  async waitFor({ company, mailId }: DueMail, { route, outstanding }: Addressed): Promise<number> {
    // Office365 and Gmail have limits of their own, for each mailbox.
    if (route !== 'hrbc') return 0;
    const recipients = outstanding?.length ?? (await this.mails.addresseesOf(mailId))?.recipients.length ?? 0;
    // The hour comes last: a mail that waits for the minute shall not use it up again and again.
    for (const { name, most, perMs } of LIMITS) {
      const wait = await this.waitOf({ name: `outbox|${company}|${name}`, most, perMs }, Math.max(1, recipients));
      if (wait > 0) return wait;
    }
    return 0;
  }

  private async waitOf(limit: Parameters<RateLimits['take']>[0], recipients: number): Promise<number> {
    try {
      await this.limits.take(limit, recipients);
      return 0;
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'rate_limited') throw error;
      return Number(error.params['retryAfterSeconds']) * 1_000;
    }
  }
}
