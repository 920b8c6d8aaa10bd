import { type AllStreamResolvedEvent } from '@eventstore/db-client';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { SubscriptionQueue } from './subscription-queue.js';

/** A subscription as the client gives it: a stream of objects that also says when it has caught up. */
class ScriptedSubscription extends Readable {
  unsubscribed = 0;
  constructor() {
    super({ objectMode: true, highWaterMark: 500, read: () => undefined });
  }
  deliver(...numbers: readonly number[]): void {
    for (const n of numbers) this.push({ event: { revision: n } });
  }
  async unsubscribe(): Promise<void> {
    this.unsubscribed += 1;
  }
}

function queueOver(subscription: ScriptedSubscription, signal = new AbortController().signal, onCaughtUp?: () => void) {
  return new SubscriptionQueue(subscription, signal, onCaughtUp);
}
const numbersOf = (batch: readonly AllStreamResolvedEvent[]) => batch.map(({ event }) => Number(event?.revision));
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index);

describe('the queue over a subscription', () => {
  it('gives what has arrived, in order, in one batch', async () => {
    const subscription = new ScriptedSubscription();
    const batches = queueOver(subscription).batches();
    subscription.deliver(1, 2, 3);
    expect(numbersOf((await batches.next()).value as AllStreamResolvedEvent[])).toEqual([1, 2, 3]);
  });

  it('waits for what comes later', async () => {
    const subscription = new ScriptedSubscription();
    const batches = queueOver(subscription).batches();
    const next = batches.next();
    setTimeout(() => subscription.deliver(7), 5);
    expect(numbersOf((await next).value as AllStreamResolvedEvent[])).toEqual([7]);
  });

  it('loses and doubles nothing, however it comes and however slowly it is taken', async () => {
    const subscription = new ScriptedSubscription();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const batch of queueOver(subscription).batches()) {
        expect(batch.length).toBeLessThanOrEqual(500);
        seen.push(...numbersOf(batch));
        if (seen.length % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
        if (seen.length >= 2_000) return;
      }
    })();
    for (const n of upTo(2_000)) {
      subscription.deliver(n);
      if (n % 97 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await reading;
    expect(seen).toEqual(upTo(2_000));
  });

  it('reports that it has caught up once, and only after what came before was taken', async () => {
    const subscription = new ScriptedSubscription();
    const order: string[] = [];
    const ending = new AbortController();
    const queue = queueOver(subscription, ending.signal, () => order.push('caught up'));
    subscription.deliver(1, 2);
    subscription.emit('caughtUp');
    const reading = (async () => {
      for await (const batch of queue.batches()) order.push(...numbersOf(batch).map(String));
    })();
    await new Promise((resolve) => setTimeout(resolve, 20));
    subscription.deliver(3);
    subscription.emit('caughtUp');
    await new Promise((resolve) => setTimeout(resolve, 20));
    ending.abort();
    await reading;
    expect(order).toEqual(['1', '2', 'caught up', '3']);
  });

  it('ends when it is told to, also while it waits', async () => {
    const ending = new AbortController();
    const batches = queueOver(new ScriptedSubscription(), ending.signal).batches();
    const next = batches.next();
    ending.abort();
    expect((await next).done).toBe(true);
  });

  it('throws what the subscription failed with, after what had arrived before', async () => {
    const subscription = new ScriptedSubscription();
    const batches = queueOver(subscription).batches();
    subscription.deliver(1);
    expect(numbersOf((await batches.next()).value as AllStreamResolvedEvent[])).toEqual([1]);
    const next = batches.next();
    subscription.destroy(new Error('the node is gone'));
    await expect(next).rejects.toThrow('the node is gone');
  });

  it('takes a subscription that just ends for a failure: nobody asked it to', async () => {
    const subscription = new ScriptedSubscription();
    const next = queueOver(subscription).batches().next();
    subscription.push(null);
    await expect(next).rejects.toThrow('ended the subscription');
  });

  it('gives the call back to the server', async () => {
    const subscription = new ScriptedSubscription();
    await queueOver(subscription).close();
    expect(subscription.unsubscribed).toBe(1);
  });
});
