import { Injectable } from '@nestjs/common';
import { type DomainEvent } from '@libs/eventsourcing';
import { type Delivered } from '../../../platform/event-store/index.js';
import { type CatchUpWork, Projectors } from '../../../platform/read-models/index.js';
import { OUTBOX_MAIL, type OutboxEvent } from '../outbox.events.js';
import { OutboxQueue } from './outbox-queue.js';

/**
 * Puts into the queue whatever an event says is to be sent. It follows the events rather than the commands, so a
 * crash between the decision and the queue loses no mail.
 */
@Injectable()
export class OutboxDispatch implements CatchUpWork {
  readonly name = 'outbox_dispatch';
  readonly categories = [OUTBOX_MAIL];

  constructor(
    private readonly queue: OutboxQueue,
    projectors: Projectors,
  ) {
    projectors.follow(this);
  }

  async handle(events: readonly Delivered[]): Promise<void> {
    for (const event of events) {
      const { company, at } = event.metadata;
      const outboxEvent = event as DomainEvent as OutboxEvent;
      const dueAt = dueAfter(outboxEvent, at);
      if (dueAt !== null) await this.queue.schedule(company, outboxEvent.data.mailId, new Date(dueAt));
    }
  }
}

function dueAfter(event: OutboxEvent, at: string): string | null {
  if ('retryAt' in event.data) return event.data.retryAt;
  return event.type === 'MailQueued' || event.type === 'MailRetryRequested' ? at : null;
}
