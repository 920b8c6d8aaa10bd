import { Injectable } from '@nestjs/common';
import { AbandonedMails } from './composing/abandoned-mails.js';
import { KeptMails } from './composing/kept-mails.js';
import { PartStorage } from './composing/part-storage.js';
import { OutboxQueue } from './sending/outbox-queue.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Puts away what requests that were cut off left behind, and what is through for good. */
@Injectable()
export class OutboxHousekeeping {
  constructor(
    private readonly kept: KeptMails,
    private readonly abandoned: AbandonedMails,
    private readonly parts: PartStorage,
    private readonly queue: OutboxQueue,
  ) {}

  /** To be run once a day: it looks at what came in the week up to yesterday, so a few days' standstill lose nothing. */
  async run(now = Date.now()): Promise<void> {
    await this.parts.forgetLeftovers(new Date(now - DAY_MS));
    const [since, until] = [new Date(now - 8 * DAY_MS), new Date(now - DAY_MS)];
    await this.abandoned.forget(since, until);
    await this.kept.forgetLeftovers(since, until);
    await this.queue.forgetFinished();
  }
}
