import { type DomainCommand, fold, Rejection } from '@libs/eventsourcing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type DeciderRunner } from '../../../platform/event-store/index.js';
import { outboxDecider, type OutboxMailState } from '../outbox.decider.js';
import { type OutboxEvent, outboxEvents } from '../outbox.events.js';
import { AttemptRecord } from './attempt-record.js';

const forgotten = new Rejection('person_forgotten', {
  kind: 'conflict',
  fixableBy: 'service',
  title: { ja: '', en: '' },
  detail: () => ({ ja: '', en: '' }),
});
const attempt = { company: 'acme', userId: 'taro', mailId: 'm1', attempt: 1 };
const rewritten = { refused: [], sentAs: 'somebody.else@acme.example', foundInSent: false, retryAt: null };
const sending = fold(outboxDecider, [
  {
    type: 'MailQueued',
    data: { userId: 'taro', mailId: 'm1', route: 'gmail', from: 'taro@acme.example', messageId: '<m1>', recipients: 1, size: 1 }, // prettier-ignore
  },
  { type: 'MailSendingStarted', data: { userId: 'taro', mailId: 'm1', attempt: 1, startedAt: '2026-11-01T09:00:00Z' } },
]);

/** A record of one mail; `refusal` says why events cannot be kept, null that they can. */
class Store {
  state: OutboxMailState = sending;
  readonly kept: string[] = [];
  asked = 0;
  constructor(private readonly refusal: (events: readonly OutboxEvent[], asked: number) => Error | null) {}

  get record(): AttemptRecord {
    const run = async (_decider: unknown, _stream: string, command: DomainCommand) => {
      const events = outboxDecider.decide(command as never, this.state);
      const refusal = this.refusal(events, ++this.asked);
      if (refusal !== null) throw refusal;
      this.state = events.reduce(outboxDecider.evolve, this.state);
      this.kept.push(...events.map(({ type }) => type));
      return { events };
    };
    return new AttemptRecord({ run } as unknown as DeciderRunner);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('the acceptance of a forgotten person’s mail stays on the record, the address it left from does not', async () => {
  const store = new Store((events) =>
    events.some(({ type }) => outboxEvents[type].personal.length > 0) ? forgotten : null,
  );
  await store.record.accepted(attempt, rewritten, new AbortController().signal);
  expect(store.kept).toEqual(['MailAccepted']);
});

it('a store that is away is asked until it is there', async () => {
  const store = new Store((_events, asked) => (asked < 4 ? new Error('The event store is away.') : null));
  const done = store.record.accepted(attempt, rewritten, new AbortController().signal);
  await vi.runAllTimersAsync();
  await done;
  expect(store.kept).toEqual(['MailAccepted', 'SenderRewritten']);
});

it('nothing is insisted on beyond the end of the service', async () => {
  const store = new Store(() => new Error('The event store is away.'));
  const done = store.record.accepted(attempt, rewritten, AbortSignal.abort());
  await expect(done).rejects.toThrow('The event store is away.');
  expect(store.asked).toBe(1);
});
