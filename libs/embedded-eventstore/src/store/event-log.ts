import { type DatabaseSync, type StatementSync } from 'node:sqlite';

import { decodeEventData, encodeEventResponse } from '../wire/read-response.js';
import { type StreamHistory } from './commit-check.js';
import { type ProposedEvent } from './proposed-event.js';
import { type StreamState, TOMBSTONE_REVISION } from './stream-table.js';

/** A tombstone's revision as the server shows it: 2^63-1. */
const TOMBSTONE_REVISION_ON_THE_WIRE = '9223372036854775807';

/** The first position is above 0, so that 0 means "before everything" for readers and for subscriptions alike. */
const FIRST_POSITION = 128;

/** What a log record would need beside its content. */
const RECORD_FRAMING_BYTES = 48;

/**
 * The table of events: appends to its end and answers what is there.
 *
 * Positions grow by the size of each record, as offsets into a log do. They could as well be 1, 2, 3, but then an
 * application could come to rely on it, and would learn only from a real server that it must not.
 */
export class EventLog {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #byId: StatementSync;
  readonly #byRevision: StatementSync;
  readonly #newest: StatementSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #end: number;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare(
      'INSERT INTO event (position, stream, revision, type, id, created, response) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#byId = database.prepare(
      'SELECT revision FROM event WHERE id = ? AND stream = ? ORDER BY revision DESC LIMIT 1',
    );
    this.#byRevision = database.prepare('SELECT position, id FROM event WHERE stream = ? AND revision = ?');
    this.#newest = database.prepare('SELECT response FROM event WHERE stream = ? ORDER BY revision DESC LIMIT 1');
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#end = endOf(database);
  }

  /** Runs the work as one unit: when this returns, all of it is committed; when it throws, nothing has happened. */
  transaction<T>(work: () => T): T {
    const end = this.#end;
    this.#begin.run();
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      this.#end = end;
      // SQLite has already rolled back by itself after some failures, a full disk among them.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Adds one event (inside a transaction) and gives its position. */
  add(stream: { id: number; name: string }, revision: number, event: ProposedEvent): number {
    const position = this.#end;
    const created = Date.now();
    const shownRevision = revision === TOMBSTONE_REVISION ? TOMBSTONE_REVISION_ON_THE_WIRE : revision.toString();
    const response = encodeEventResponse(event, { stream: stream.name, revision: shownRevision, position, created });
    this.#insert.run(position, stream.id, revision, event.type, event.id.bytes, created, response);
    this.#end = position + response.byteLength + RECORD_FRAMING_BYTES;
    return position;
  }

  /** What the stream already holds, for the commit check. */
  historyOf(stream: StreamState, hasMetadata: () => boolean): StreamHistory {
    const streamId = stream.id;
    if (streamId === undefined) return { revisionOf: () => undefined, hasAt: () => false, hasMetadata };
    return {
      revisionOf: (id) => this.#byId.get(id.bytes, streamId)?.['revision'] as number | undefined,
      hasAt: (revision, id) => {
        const found = this.#byRevision.get(streamId, revision)?.['id'] as Uint8Array | undefined;
        return found !== undefined && Buffer.compare(found, id.bytes) === 0;
      },
      hasMetadata,
    };
  }

  /** Position of an event that is known to exist. */
  positionOf(streamId: number, revision: number): number {
    return this.#byRevision.get(streamId, revision)?.['position'] as number;
  }

  /** Data of the newest event of a stream, as text; undefined when it has none. */
  newestData(streamId: number | undefined): string | undefined {
    const response = streamId === undefined ? undefined : this.#newest.get(streamId)?.['response'];
    return response instanceof Uint8Array ? Buffer.from(decodeEventData(response)).toString('utf8') : undefined;
  }
}

function endOf(database: DatabaseSync): number {
  const newest = database
    .prepare('SELECT position, length(response) AS bytes FROM event ORDER BY position DESC LIMIT 1')
    .get() as { position: number; bytes: number } | undefined;
  return newest === undefined ? FIRST_POSITION : newest.position + newest.bytes + RECORD_FRAMING_BYTES;
}
