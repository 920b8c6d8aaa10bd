import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import { type AppendSignal } from '../store/append-signal.js';
import { readResponse } from '../wire/read-response.js';
import { type Outgoing } from './outgoing.js';
import { type SubscriptionFeed } from './subscription-feed.js';

/**
 * Sends a subscription's messages until the call is over: the confirmation, what is stored, "caught up", and then what
 * is appended. It pulls: news only wakes it up, and it reads the next page when its reader has taken the last one. A live
 * subscription that wakes up with more than a page before it is told that it fell behind, and when it has caught up
 * again.
 */
export async function runSubscription(feed: SubscriptionFeed, outgoing: Outgoing, signal: AppendSignal): Promise<void> {
  await outgoing.send([readResponse.confirmation(randomUUID())]);
  let live = false;
  while (!outgoing.ended.aborted) {
    const seen = signal.version;
    const { messages, end } = feed.next();
    if (live && !end) {
      live = false;
      await outgoing.send([readResponse.fellBehind()]);
    }
    await outgoing.send(messages);
    if (!end) {
      // Lets others run, also while a filter passes over page after page without a match.
      await setImmediate();
      continue;
    }
    if (!live) {
      live = true;
      await outgoing.send([...feed.goingLive(), readResponse.caughtUp()]);
    }
    await signal.wait(feed.source, seen, outgoing.ended);
  }
}
