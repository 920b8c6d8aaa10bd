import { Injectable } from '@nestjs/common';
import { KeptMails } from './composing/kept-mails.js';
import { PartStorage } from './composing/part-storage.js';
import { OutboxQueue } from './sending/outbox-queue.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Puts away what requests that were cut off left behind, and what is through for good. */
@Injectable()
export class OutboxHousekeeping {
  constructor(
    private readonly kept: KeptMails,
    private readonly parts: PartStorage,
    private readonly queue: OutboxQueue,
  ) {}

  /** To be run once a day: it looks at what came in the day before yesterday and the day before that. */
  async run(now = Date.now()): Promise<void> {
    await this.parts.forgetLeftovers(new Date(now - DAY_MS));
    await this.kept.forgetLeftovers(new Date(now - 3 * DAY_MS), new Date(now - DAY_MS));
    await this.queue.forgetFinished();
  }
}
