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
    const subscription = this.connection.client.subscribeToAll(
      {
        fromPosition: request.after === null ? START : toStorePosition(request.after),
        filter: streamNameFilter({ prefixes: request.categories.map((category) => `${category}-`) }),
      },
      { highWaterMark: READ_AHEAD },
    );
    const queue = new SubscriptionQueue(subscription, request.signal, request.onCaughtUp);
    try {
      for await (const batch of queue.batches()) {
        const events = batch.flatMap(({ event }) => (event ? [event as RawEvent] : []));
        yield await Promise.all(events.map((event) => this.decode(event)));
      }
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
      for await (const { event } of reading) if (event) events.push(event as RawEvent);
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

function positioned(answer: { readonly position?: StorePosition | undefined }): StorePosition {
  if (answer.position) return answer.position;
  throw new Error('The event store does not say where events stand: EventStoreDB 22.6 or newer is needed.');
}
