import { Injectable, Logger } from '@nestjs/common';
import { Rejection } from '@libs/eventsourcing';
import { type RateLimit, RateLimits, type Share } from '../../../platform/rate-limits/index.js';
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

/** Room for a mail: it is given back when nothing was sent. */
export interface Room {
  readonly giveBack: () => Promise<void>;
}
/** There is none: the mail comes again after so many milliseconds. */
interface NoRoom {
  readonly waitMs: number;
}

/** Keeps one company from spoiling the others' reputation: its mails wait, they are not refused. */
@Injectable()
export class CompanyPace {
  private readonly logger = new Logger(CompanyPace.name);

  constructor(
    private readonly limits: RateLimits,
    private readonly mails: KeptMails,
  ) {}

  /** Counts the mail as sent, if there is room for it now. */
  async take({ company, mailId }: DueMail, { route, outstanding }: Addressed): Promise<Room | NoRoom> {
    const shares: Share[] = [];
    const room = { giveBack: () => this.giveBack(shares) };
    // Office365 and Gmail have limits of their own, for each mailbox.
    if (route !== 'hrbc') return room;
    const recipients = outstanding?.length ?? (await this.mails.addresseesOf(mailId))?.recipients.length ?? 0;
    for (const { name, most, perMs } of LIMITS) {
      const limit = { name: `outbox|${company}|${name}`, most, perMs };
      const share = await this.shareOf(limit, Math.max(1, recipients));
      if ('window' in share) {
        shares.push(share);
        continue;
      }
      await room.giveBack();
      return share;
    }
    return room;
  }

  private async shareOf(limit: RateLimit, recipients: number): Promise<Share | NoRoom> {
    try {
      return await this.limits.take(limit, recipients);
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'rate_limited') throw error;
      return { waitMs: Number(error.params['retryAfterSeconds']) * 1_000 };
    }
  }

  /** What became of the mail has to go on the record, whether this succeeds or not: the next window begins anew. */
  private async giveBack(shares: readonly Share[]): Promise<void> {
    try {
      for (const share of shares) await this.limits.giveBack(share);
    } catch (error) {
      this.logger.warn({ err: error }, 'Room in a company’s pace could not be given back.');
    }
  }
}
