import { type DatabaseSync, type StatementSync } from 'node:sqlite';

import { type StreamState, TOMBSTONE_REVISION } from './stream-table.js';

/** A stored event on its way out: `at` is its revision or position, `response` the bytes to send. */
export interface StoredEvent {
  readonly at: number;
  readonly response: Uint8Array;
}

/** A stored event with what filters look at. */
export interface DescribedEvent extends StoredEvent {
  readonly type: string;
  readonly stream: string;
}

export interface Page<T extends StoredEvent = StoredEvent> {
  readonly events: T[];
  /** There was nothing beyond this page when it was read. */
  readonly end: boolean;
}

export type Direction = 'forwards' | 'backwards';

/**
 * A page ends after so many events or bytes, whichever comes first: readers pull one page at a time, so this bounds
 * what a reader can make the server hold, also with events of 1 MiB each.
 */
const PAGE_EVENTS = 128;
const PAGE_BYTES = 256 * 1024;

/** Reads pages of stored events. Statements are never left open between pages, so that SQLite can checkpoint. */
export class EventReader {
  readonly #stream: Record<Direction, StatementSync>;
  readonly #all: Record<Direction, StatementSync>;
  readonly #described: StatementSync;
  readonly #exists: StatementSync;
  readonly #last: StatementSync;

  constructor(database: DatabaseSync) {
    const inStream =
      'SELECT revision, response FROM event WHERE stream = ? AND revision BETWEEN ? AND ? AND created >= ?';
    const inAll = 'SELECT position, response FROM event WHERE';
    const arrays = (sql: string) => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#stream = {
      forwards: arrays(`${inStream} ORDER BY revision LIMIT ?`),
      backwards: arrays(`${inStream} ORDER BY revision DESC LIMIT ?`),
    };
    this.#all = {
      forwards: arrays(`${inAll} position >= ? ORDER BY position LIMIT ?`),
      backwards: arrays(`${inAll} position < ? ORDER BY position DESC LIMIT ?`),
    };
    this.#described = arrays(`
      SELECT position, response, type, name FROM event CROSS JOIN stream ON stream.id = event.stream
      WHERE position >= ? ORDER BY position LIMIT ?`);
    this.#exists = database.prepare('SELECT 1 FROM event WHERE position = ?');
    this.#last = database.prepare('SELECT position FROM event ORDER BY position DESC LIMIT 1');
  }

  /** A page of a stream from a revision (inclusive), without what its metadata hides ($tb, $maxCount, $maxAge). */
  streamPage(stream: StreamState, from: number, direction: Direction, limit = PAGE_EVENTS): Page {
    if (stream.id === undefined) return { events: [], end: true };
    const { truncateBefore, maxCount, maxAgeSeconds } = stream.metadata;
    const newestOnly = maxCount === undefined ? 0 : stream.last - maxCount + 1;
    const lowest = Math.max(0, truncateBefore, newestOnly);
    const oldest = maxAgeSeconds === undefined ? 0 : Date.now() - maxAgeSeconds * 1000;
    const [low, high] =
      direction === 'forwards'
        ? [Math.max(from, lowest), TOMBSTONE_REVISION - 1]
        : [lowest, Math.min(from, stream.last)];
    const rows = this.#stream[direction].iterate(stream.id, low, high, oldest, Math.min(limit, PAGE_EVENTS));
    return page(rows, Math.min(limit, PAGE_EVENTS), toStoredEvent);
  }

  /** A page over all streams: forwards from the position itself, backwards from the event before it. */
  allPage(position: number, direction: Direction, limit = PAGE_EVENTS): Page {
    const rows = this.#all[direction].iterate(position, Math.min(limit, PAGE_EVENTS));
    return page(rows, Math.min(limit, PAGE_EVENTS), toStoredEvent);
  }

  /** The same forwards, with what filters look at. */
  describedPage(position: number): Page<DescribedEvent> {
    return page(this.#described.iterate(position, PAGE_EVENTS), PAGE_EVENTS, toDescribedEvent);
  }

  /** Whether an event starts at this position; 0 stands for the beginning, and positions yet to come are allowed. */
  isPosition(position: number): boolean {
    return position === 0 || position > this.lastPosition() || this.#exists.get(position) !== undefined;
  }

  /** Position of the newest event, 0 when there is none. */
  lastPosition(): number {
    return (this.#last.get()?.['position'] as number | undefined) ?? 0;
  }
}

function page<T extends StoredEvent>(rows: Iterable<unknown>, limit: number, toEvent: (row: unknown) => T): Page<T> {
  const events: T[] = [];
  let bytes = 0;
  for (const row of rows) {
    const event = toEvent(row);
    events.push(event);
    bytes += event.response.byteLength;
    if (bytes >= PAGE_BYTES) return { events, end: false };
  }
  return { events, end: events.length < limit };
}

function toStoredEvent(row: unknown): StoredEvent {
  const [at, response] = row as [number, Uint8Array];
  return { at, response };
}

function toDescribedEvent(row: unknown): DescribedEvent {
  const [at, response, type, stream] = row as [number, Uint8Array, string, string];
  return { at, response, type, stream };
}
