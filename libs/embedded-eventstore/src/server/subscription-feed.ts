import { ALL_STREAMS } from '../store/append-signal.js';
import { type EventStore } from '../store/event-store.js';
import { StreamGoneError } from '../wire/failures.js';
import { type EventFilter } from '../wire/event-filter.js';
import { readResponse } from '../wire/read-response.js';

/** Where a subscription takes its messages from, page by page. It remembers how far it has come. */
export interface SubscriptionFeed {
  /** The stream whose appends are news for this feed, or ALL_STREAMS. */
  readonly source: string;
  /** The next messages; `end` when nothing more is stored at present. */
  next(): { readonly messages: Uint8Array[]; readonly end: boolean };
  /** Messages to send when the end is first reached, before the subscription is said to have caught up. */
  goingLive(): Uint8Array[];
}

/**
 * A stream after a revision. It may not exist yet, or be soft-deleted and come back.
 * @throws StreamGoneError from `next` once the stream carries a tombstone
 */
export function streamFeed(store: EventStore, stream: string, after: number | 'end'): SubscriptionFeed {
  let next = (after === 'end' ? store.streams.find(stream).last : after) + 1;
  return {
    source: stream,
    next: () => {
      const state = store.streams.find(stream);
      if (state.tombstoned) throw new StreamGoneError(stream);
      const { events, end } = store.reader.streamPage(state, next, 'forwards');
      next = (events.at(-1)?.at ?? next - 1) + 1;
      return { messages: events.map((event) => event.response), end };
    },
    goingLive: () => [],
  };
}

/** All streams after a position. */
export function allFeed(store: EventStore, after: number | 'end'): SubscriptionFeed {
  let next = (after === 'end' ? store.reader.lastPosition() : after) + 1;
  return {
    source: ALL_STREAMS,
    next: () => {
      const { events, end } = store.reader.allPage(next, 'forwards');
      next = (events.at(-1)?.at ?? next - 1) + 1;
      return { messages: events.map((event) => event.response), end };
    },
    goingLive: () => [],
  };
}

/**
 * All streams after a position, with a filter. Between matching events the subscriber is sent checkpoints, so that it
 * need not pass over the same events again after a restart; they never repeat and never go back.
 */
export function filteredFeed(store: EventStore, after: number | 'end', filter: EventFilter): SubscriptionFeed {
  let next = (after === 'end' ? store.reader.lastPosition() : after) + 1;
  let sinceCheckpoint = 0;
  const checkpoint = () => {
    sinceCheckpoint = 0;
    return readResponse.checkpoint(next - 1);
  };
  return {
    source: ALL_STREAMS,
    next: () => {
      const messages: Uint8Array[] = [];
      const { events, end } = store.reader.describedPage(next);
      for (const event of events) {
        next = event.at + 1;
        if (filter.matches(event)) messages.push(event.response);
        sinceCheckpoint += 1;
        if (sinceCheckpoint >= filter.checkpointInterval) messages.push(checkpoint());
      }
      return { messages, end };
    },
    goingLive: () => (sinceCheckpoint > 0 ? [checkpoint()] : []),
  };
}
