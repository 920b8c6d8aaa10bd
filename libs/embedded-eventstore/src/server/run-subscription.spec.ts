import { EventEmitter } from 'node:events';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ALL_STREAMS, AppendSignal } from '../store/append-signal.js';
import { streams } from '../wire/stubs.js';
import { Outgoing, type SendingCall } from './outgoing.js';
import { runSubscription } from './run-subscription.js';
import { type SubscriptionFeed } from './subscription-feed.js';

/** A call whose reader takes messages only when told to. */
class SlowCall extends EventEmitter implements SendingCall {
  readonly cancelled = false;
  readonly written: Uint8Array[] = [];
  room = 0;

  write(message: Uint8Array): boolean {
    this.written.push(message);
    this.room -= 1;
    return this.room > 0;
  }

  /** The reader takes what was sent, and as much again fits. */
  take(messages: number): void {
    this.room = messages;
    this.emit('drain');
  }
}

/** Pages of two events each; says how many have been asked for. */
class PagedFeed implements SubscriptionFeed {
  readonly source = ALL_STREAMS;
  asked = 0;
  #stored = 0;
  #sent = 0;

  store(events: number): void {
    this.#stored += events;
  }

  next() {
    this.asked += 1;
    const count = Math.min(2, this.#stored - this.#sent);
    this.#sent += count;
    const messages = Array.from({ length: count }, () =>
      new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent()).serializeBinary(),
    );
    return { messages, end: this.#sent === this.#stored };
  }

  goingLive() {
    return [new streams.ReadResp().setCheckpoint(new streams.ReadResp.Checkpoint()).serializeBinary()];
  }
}

const { ContentCase } = streams.ReadResp;
const words = new Map<number, string>([
  [ContentCase.CONFIRMATION, 'confirmed'],
  [ContentCase.EVENT, 'event'],
  [ContentCase.CHECKPOINT, 'checkpoint'],
  [ContentCase.CAUGHT_UP, 'caught up'],
  [ContentCase.FELL_BEHIND, 'fell behind'],
]);

/** Lets everything run that is due. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('running a subscription', () => {
  let call: SlowCall;
  let feed: PagedFeed;
  let signal: AppendSignal;
  let outgoing: Outgoing;
  let running: Promise<void>;

  const story = () =>
    call.written.map((bytes) => words.get(streams.ReadResp.deserializeBinary(bytes).getContentCase()));

  beforeEach(() => {
    call = new SlowCall();
    feed = new PagedFeed();
    signal = new AppendSignal();
    outgoing = new Outgoing(call);
  });
  afterEach(async () => {
    outgoing.stop();
    await running;
  });

  function append(events: number): void {
    feed.store(events);
    signal.announce('some stream');
  }

  it('confirms, sends what is stored, goes live, and sends what comes', async () => {
    call.room = 100;
    feed.store(3);
    running = runSubscription(feed, outgoing, signal);
    await settle();
    expect(story()).toEqual(['confirmed', 'event', 'event', 'event', 'checkpoint', 'caught up']);
    append(1);
    await settle();
    expect(story().slice(6)).toEqual(['event']);
  });

  it('reads no page before its reader has taken the last one, however much is appended', async () => {
    call.room = 100;
    running = runSubscription(feed, outgoing, signal);
    await settle();
    call.room = 1;
    const asked = feed.asked;
    for (let burst = 0; burst < 50; burst += 1) append(100);
    await settle();
    expect(feed.asked).toBe(asked + 1);
    const sent = call.written.length;
    call.take(1);
    await settle();
    expect(call.written.length).toBe(sent + 1);
  });

  it('says when it fell behind, and when it has caught up again', async () => {
    call.room = 100;
    running = runSubscription(feed, outgoing, signal);
    await settle();
    const live = story().length;
    append(5);
    await settle();
    expect(story().slice(live)).toEqual([
      'fell behind',
      ...['event', 'event', 'event', 'event', 'event'],
      'checkpoint',
      'caught up',
    ]);
  });

  it.each(['cancelled', 'close'])('ends when the call says "%s", also while it waits for room', async (event) => {
    call.room = 1;
    feed.store(10);
    running = runSubscription(feed, outgoing, signal);
    await settle();
    call.emit(event);
    await running;
    const sent = call.written.length;
    append(1);
    await settle();
    expect(call.written.length).toBe(sent);
  });
});
