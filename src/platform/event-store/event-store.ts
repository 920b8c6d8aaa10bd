import { jsonEvent, NO_STREAM, START, StreamNotFoundError, streamNameFilter } from '@eventstore/db-client';
import { type CommandMetadata, type DomainEvent, type Position, type RecordedEvent } from '@libs/eventsourcing';
import { randomUUID } from 'node:crypto';
import { type EventCodec, type StoredEvent, type StreamHead } from './event-codec.js';
import { type EventStoreConnection } from './event-store-connection.js';
import { insist } from './event-store.errors.js';
import { toPosition, toStorePosition } from './position.js';
import { SubscriptionQueue } from './subscription-queue.js';

/** How long one call may take before it counts as unanswered; an append is then repeated with the same ids. */
const DEADLINE_MS = 10_000;
const READ_AHEAD = 500;

export interface Stream<Event extends DomainEvent> {
  readonly events: readonly RecordedEvent<Event>[];
  /** null: there is no such stream. */
  readonly head: StreamHead | null;
}

export interface SubscribeRequest {
  /** Only what comes behind this position; null: everything. */
  readonly after: Position | null;
  readonly categories: readonly string[];
  readonly signal: AbortSignal;
  /** Called once, when everything that was there at the time of subscribing has been delivered. */
  readonly onCaughtUp?: () => void;
}

/** An event beside the form in which it is stored, for those who answer for the record itself (audit). */
export type Delivered = RecordedEvent & { readonly stored: StoredEvent };

/** An event as the store holds it, not opened: what a verification looks at. Whether it is well-formed is its to say. */
export interface KeptEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly id: string;
  readonly type: string;
  /** JSON of any form. */
  readonly data: unknown;
  /** JSON of any form. */
  readonly metadata: unknown;
}

export interface ReadAllRequest {
  /** Only what comes behind this position; null: everything. */
  readonly after: Position | null;
  /** Streams whose names begin with one of these. */
  readonly prefixes: readonly string[];
  readonly signal?: AbortSignal;
}

/** The truth (R46): EventStoreDB through its own client, and the only place that calls it. */
export class EventStore {
  constructor(
    private readonly connection: EventStoreConnection,
    private readonly codec: EventCodec,
  ) {}

  /** The whole stream, oldest first; empty when there is none. */
  async read<Event extends DomainEvent>(stream: string): Promise<Stream<Event>> {
    return this.collect<Event>(stream, { direction: 'forwards', fromRevision: 'start' });
  }

  /** Only the last event of a stream: enough where every event carries the whole state (inbox). */
  async readLast<Event extends DomainEvent>(stream: string): Promise<Stream<Event>> {
    return this.collect<Event>(stream, { direction: 'backwards', fromRevision: 'end', maxCount: 1 });
  }

  /**
   * Appends behind `head`, all or nothing, and answers where the last event stands.
   * An unanswered append is repeated with the same event ids, which the store takes as the same append.
   * Throws StreamMovedOn when somebody else appended in the meantime, StoreUnavailable when the store is away.
   */
  async append(
    stream: string,
    head: StreamHead | null,
    events: readonly DomainEvent[],
    metadata: CommandMetadata,
  ): Promise<Position> {
    const named = events.map((event) => ({ ...event, id: randomUUID() }));
    const stored = await this.codec.encode(stream, head, named, metadata);
    const messages = stored.map((event) => jsonEvent(event as Parameters<typeof jsonEvent>[0]));
    const { client, credentials } = this.connection;
    const appended = await insist(() =>
      client.appendToStream(stream, messages, {
        expectedRevision: head ? BigInt(head.revision) : NO_STREAM,
        deadline: DEADLINE_MS,
        credentials,
      }),
    );
    return toPosition(positioned(appended));
  }

  /** Every event of these categories behind `after` (null: from the first), then live, in batches as they come. */
  async *subscribe(request: SubscribeRequest): AsyncGenerator<readonly Delivered[]> {
    const { after, categories, signal, onCaughtUp } = request;
    const prefixes = categories.map((category) => `${category}-`);
    for await (const batch of this.rawBatches({ after, prefixes, signal }, onCaughtUp)) {
      yield await Promise.all(batch.map((event) => this.decode(event)));
    }
  }

  /**
   * Everything that is there now, in the order in which it was appended, as it is stored; ends where live events
   * would begin. Batches are small, whatever the size of the record.
   */
  async *readAll(request: ReadAllRequest): AsyncGenerator<readonly KeptEvent[]> {
    const end = new AbortController();
    const signal = request.signal ? AbortSignal.any([request.signal, end.signal]) : end.signal;
    for await (const batch of this.rawBatches({ ...request, signal }, () => end.abort())) yield batch.map(toKept);
  }

  /** The event at this revision, as it is stored and opened; null: there is none. */
  async readAt<Event extends DomainEvent>(
    stream: string,
    revision: number,
  ): Promise<(RecordedEvent<Event> & Delivered) | null> {
    const how = { direction: 'forwards', fromRevision: BigInt(revision), maxCount: 1 } as const;
    const [raw] = await insist(() => this.readToTheEnd(stream, how));
    return raw ? this.decode<Event>(raw) : null;
  }

  private async *rawBatches(
    { after, prefixes, signal }: ReadAllRequest & { readonly signal: AbortSignal },
    onCaughtUp?: () => void,
  ): AsyncGenerator<RawEvent[]> {
    const subscription = this.connection.client.subscribeToAll(
      {
        fromPosition: after === null ? START : toStorePosition(after),
        filter: streamNameFilter({ prefixes: [...prefixes] }),
      },
      { highWaterMark: READ_AHEAD },
    );
    const queue = new SubscriptionQueue(subscription, signal, onCaughtUp);
    try {
      for await (const batch of queue.batches()) yield batch.flatMap(({ event }) => (event ? [event as RawEvent] : []));
    } finally {
      await queue.close();
    }
  }

  /** Resolves when the store answers; for readiness. */
  async ping(): Promise<void> {
    await this.readLast('health-ping');
  }

  private async collect<Event extends DomainEvent>(stream: string, how: ReadHow): Promise<Stream<Event>> {
    const raw = await insist(() => this.readToTheEnd(stream, how));
    const events = await Promise.all(raw.map((event) => this.decode<Event>(event)));
    const last = events.at(-1);
    return { events, head: last ? { revision: last.revision, hash: last.metadata.hash } : null };
  }

  /** Never leaves the loop early: the client would leave the call open for ever. */
  private async readToTheEnd(stream: string, how: ReadHow): Promise<RawEvent[]> {
    const events: RawEvent[] = [];
    try {
      // The client gives reads no deadline; a server that stops answering is noticed by keep-alive (about 19 s).
      const reading = this.connection.client.readStream(stream, how);
      for await (const { event } of reading) if (event) events.push(event);
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return events;
  }

  private async decode<Event extends DomainEvent>(raw: RawEvent): Promise<RecordedEvent<Event> & Delivered> {
    const stored = { id: raw.id, type: raw.type, data: raw.data, metadata: raw.metadata } as StoredEvent;
    const where = {
      stream: raw.streamId,
      revision: Number(raw.revision),
      position: toPosition(positioned(raw)),
    };
    return { ...(await this.codec.decode<Event>(stored, where)), stored };
  }
}

type ReadHow =
  | { readonly direction: 'forwards'; readonly fromRevision: 'start' }
  | { readonly direction: 'forwards'; readonly fromRevision: bigint; readonly maxCount: 1 }
  | { readonly direction: 'backwards'; readonly fromRevision: 'end'; readonly maxCount: 1 };

interface StorePosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}
interface RawEvent {
  readonly id: string;
  readonly type: string;
  readonly streamId: string;
  readonly revision: bigint;
  readonly data: unknown;
  readonly metadata: unknown;
  readonly position?: StorePosition;
}

function toKept(raw: RawEvent): KeptEvent {
  const { streamId: stream, id, type, data, metadata } = raw;
  return { stream, revision: Number(raw.revision), position: toPosition(positioned(raw)), id, type, data, metadata };
}

function positioned(answer: { readonly position?: StorePosition | undefined }): StorePosition {
  if (answer.position) return answer.position;
  throw new Error('The event store does not say where events stand: EventStoreDB 22.6 or newer is needed.');
}
