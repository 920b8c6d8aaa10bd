import { type Direction } from '../store/event-reader.js';
import { type EventFilter, readEventFilter } from './event-filter.js';
import { NotServedError } from './failures.js';
import { streamNameOf } from './stream-identifier.js';
import { streams } from './stubs.js';

/** What a Read request asks for. Revisions and positions above 2^53-1 are cut to that, which is beyond every event. */
export type ReadQuery =
  /** From a revision, inclusive in both directions. */
  | ({ readonly kind: 'stream'; readonly stream: string; readonly from: number } & ReadExtent)
  /** From a position: forwards inclusive, backwards exclusive. */
  | ({ readonly kind: 'all'; readonly from: number } & ReadExtent)
  /** What comes after a revision (-1 for the start), or after the last event there is now. */
  | { readonly kind: 'stream-subscription'; readonly stream: string; readonly after: number | 'end' }
  /** What comes after a position (0 for the start), or after the last event there is now. */
  | { readonly kind: 'all-subscription'; readonly after: number | 'end'; readonly filter: EventFilter | undefined };

export interface ReadExtent {
  readonly direction: Direction;
  readonly count: number;
}

/**
 * @throws RangeError for a request that makes no sense
 * @throws NotServedError for what this server does not do: link resolution, filtered reads, ids in structured form
 */
export function readQueryOf(request: streams.ReadReq): ReadQuery {
  const options = request.getOptions();
  if (options === undefined) throw new RangeError('A read needs options');
  if (options.getResolveLinks()) throw new NotServedError('link resolution (resolveLinkTos)');
  if (options.getUuidOption()?.hasString() !== true) throw new NotServedError('event ids in structured form');
  return options.hasSubscription() ? subscriptionQuery(options) : finiteQuery(options);
}

function finiteQuery(options: streams.ReadReq.Options): ReadQuery {
  if (options.hasFilter()) throw new NotServedError('filtered reads (only subscriptions can be filtered)');
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const extent: ReadExtent = { direction: backwards ? 'backwards' : 'forwards', count: cut(options.getCount()) };
  const stream = options.getStream();
  if (stream !== undefined) {
    const from = stream.hasEnd() ? Number.MAX_SAFE_INTEGER : stream.hasRevision() ? cut(stream.getRevision()) : 0;
    return { kind: 'stream', stream: streamNameOf(stream.getStreamIdentifier()), from, ...extent };
  }
  const all = required(options.getAll());
  return { kind: 'all', from: all.hasEnd() ? Number.MAX_SAFE_INTEGER : positionOf(all), ...extent };
}

function subscriptionQuery(options: streams.ReadReq.Options): ReadQuery {
  const stream = options.getStream();
  if (stream !== undefined) {
    if (options.hasFilter()) throw new RangeError('A subscription to one stream cannot be filtered');
    const after = stream.hasEnd() ? 'end' : stream.hasRevision() ? cut(stream.getRevision()) : -1;
    return { kind: 'stream-subscription', stream: streamNameOf(stream.getStreamIdentifier()), after };
  }
  const all = required(options.getAll());
  const filter = options.getFilter();
  return {
    kind: 'all-subscription',
    after: all.hasEnd() ? 'end' : positionOf(all),
    filter: filter && readEventFilter(filter),
  };
}

function positionOf(all: streams.ReadReq.Options.AllOptions): number {
  const position = all.getPosition();
  return position === undefined ? 0 : cut(position.getCommitPosition());
}

function required(all: streams.ReadReq.Options.AllOptions | undefined): streams.ReadReq.Options.AllOptions {
  if (all === undefined) throw new RangeError('A read needs a stream, or all of them');
  return all;
}

function cut(unsigned64: string): number {
  return Math.min(Number(unsigned64), Number.MAX_SAFE_INTEGER);
}
