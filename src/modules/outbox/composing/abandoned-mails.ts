import { Injectable } from '@nestjs/common';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { outboxDecider } from '../outbox.decider.js';
import { outboxMailStream } from '../outbox.events.js';
import { OutboxMailsView } from '../read-model/outbox-mails.view.js';
import { KeptMails, type KeptSince } from './kept-mails.js';

const AT_ONCE = 500;

/**
 * Mails that were kept and never queued: the service died in between, or the record was away, and nobody asked again.
 * No event names them, so neither their author nor whoever erases a person would ever find them.
 */
@Injectable()
export class AbandonedMails {
  constructor(
    private readonly kept: KeptMails,
    private readonly view: OutboxMailsView,
    private readonly runner: DeciderRunner,
  ) {}

  /** Removes those that were last asked for within this time; a periodic job. Answers how many. */
  async forget(since: Date, until: Date): Promise<number> {
    let removed = 0;
    let batch: KeptSince[] = [];
    for await (const mail of this.kept.askedForBetween(since, until)) {
      batch.push(mail);
      if (batch.length < AT_ONCE) continue;
      removed += await this.forgetAmong(batch);
      batch = [];
    }
    return removed + (await this.forgetAmong(batch));
  }

  private async forgetAmong(mails: readonly KeptSince[]): Promise<number> {
    const seen = await this.view.known(mails.map(({ id }) => id));
    let removed = 0;
    for (const mail of mails) {
      if (seen.has(mail.id) || (await this.isOnRecord(mail))) continue;
      if (await this.kept.removeUnlessAskedFor(mail)) removed++;
    }
    return removed;
  }

  /** The read model knows it sooner and cheaper, but it may be about to be rebuilt. */
  private async isOnRecord({ company, id }: KeptSince): Promise<boolean> {
    const { state } = await this.runner.load(outboxDecider, outboxMailStream(company, id));
    return state.status !== 'none';
  }
}
