import { type Page } from '../store/event-reader.js';
import { type EventStore } from '../store/event-store.js';
import { StreamGoneError } from '../wire/failures.js';
import { type ReadExtent, type ReadQuery, readQueryOf } from '../wire/read-query.js';
import { readResponse } from '../wire/read-response.js';
import { type streams } from '../wire/stubs.js';
import { type Outgoing } from './outgoing.js';
import { runSubscription } from './run-subscription.js';
import { allFeed, filteredFeed, streamFeed } from './subscription-feed.js';

/**
 * Serves a read or a subscription until it is over.
 * @throws what has to be answered as a failure of the call
 */
export async function serveRead(store: EventStore, request: streams.ReadReq, outgoing: Outgoing): Promise<void> {
  const query = readQueryOf(request);
  switch (query.kind) {
    case 'stream':
      return readStream(store, query, outgoing);
    case 'all':
      return readAll(store, query, outgoing);
    case 'stream-subscription':
      return runSubscription(streamFeed(store, query.stream, query.after), outgoing, store.signal);
    case 'all-subscription': {
      if (query.after !== 'end') requirePosition(store, query.after);
      const feed = query.filter ? filteredFeed(store, query.after, query.filter) : allFeed(store, query.after);
      return runSubscription(feed, outgoing, store.signal);
    }
  }
}

async function readStream(store: EventStore, query: ReadQuery & { kind: 'stream' }, outgoing: Outgoing): Promise<void> {
  const stream = store.streams.find(query.stream);
  if (stream.tombstoned) throw new StreamGoneError(query.stream);
  if (stream.last < 0 || stream.softDeleted) return outgoing.send([readResponse.streamNotFound(query.stream)]);
  const { direction } = query;
  let from = query.from;
  await sendPages(outgoing, query, (limit) => {
    const page = store.reader.streamPage(stream, from, direction, limit);
    const last = page.events.at(-1)?.at ?? from;
    from = direction === 'forwards' ? last + 1 : last - 1;
    return page;
  });
}

async function readAll(store: EventStore, query: ReadQuery & { kind: 'all' }, outgoing: Outgoing): Promise<void> {
  requirePosition(store, query.from);
  const { direction } = query;
  let from = query.from;
  await sendPages(outgoing, query, (limit) => {
    const page = store.reader.allPage(from, direction, limit);
    const last = page.events.at(-1)?.at ?? from;
    from = direction === 'forwards' ? last + 1 : last;
    return page;
  });
}

async function sendPages(outgoing: Outgoing, extent: ReadExtent, nextPage: (limit: number) => Page): Promise<void> {
  let remaining = extent.count;
  while (remaining > 0 && !outgoing.ended.aborted) {
    const { events, end } = nextPage(remaining);
    await outgoing.send(events.map((event) => event.response));
    if (end) return;
    remaining -= events.length;
  }
}

/** A position nobody was ever given is a mistake of the caller, as it is to the real server. */
function requirePosition(store: EventStore, position: number): void {
  if (!store.reader.isPosition(position)) throw new RangeError(`${position} is not the position of an event`);
}
