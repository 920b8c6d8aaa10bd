import { type DatabaseSync, type StatementSync } from 'node:sqlite';

import { ALL_TRUNCATED, NO_METADATA, originalOf, type StreamMetadata } from './stream-metadata.js';

/** A stream as it stands: `last` is the revision of its last event, -1 when there is none. */
export interface StreamState {
  /** Row id; undefined for a stream nothing was ever written to. */
  readonly id: number | undefined;
  readonly name: string;
  readonly last: number;
  readonly tombstoned: boolean;
  readonly softDeleted: boolean;
  readonly metadata: StreamMetadata;
}

/**
 * The revision a tombstone is stored under. On the wire it is 2^63-1, which no JavaScript number can hold; inside it is
 * simply larger than every revision there can be.
 */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;

interface StreamRow {
  readonly id: number;
  readonly truncateBefore: number | null;
  readonly maxCount: number | null;
  readonly maxAge: number | null;
  readonly last: number | null;
}

/** The table of stream names, their last revisions, and what their metadata says. */
export class StreamTable {
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;

  constructor(database: DatabaseSync) {
    this.#select = database.prepare(`
      SELECT id, truncate_before AS truncateBefore, max_count AS maxCount, max_age AS maxAge,
             (SELECT revision FROM event WHERE stream = stream.id ORDER BY revision DESC LIMIT 1) AS last
      FROM stream WHERE name = ?`);
    this.#insert = database.prepare('INSERT INTO stream (name) VALUES (?)');
    this.#update = database.prepare('UPDATE stream SET truncate_before = ?, max_count = ?, max_age = ? WHERE id = ?');
  }

  /** The stream's present state; one index look-up. */
  find(name: string): StreamState {
    const row = this.#select.get(name) as StreamRow | undefined;
    const last = row?.last ?? -1;
    const original = originalOf(name);
    const metadata = original === undefined ? metadataOf(row) : { ...NO_METADATA, maxCount: 1 };
    return {
      id: row?.id,
      name,
      last,
      // A tombstone takes the metadata stream with it.
      tombstoned: last === TOMBSTONE_REVISION || (original !== undefined && this.#isTombstoned(original)),
      softDeleted: metadata.truncateBefore === ALL_TRUNCATED,
      metadata,
    };
  }

  /** The row id of a stream, new if need be. */
  idOf(stream: StreamState): number {
    return stream.id ?? Number(this.#insert.run(stream.name).lastInsertRowid);
  }

  /** Remembers what a `$metadata` event has said about the stream. */
  setMetadata(name: string, metadata: StreamMetadata): void {
    const id = this.idOf(this.find(name));
    this.#update.run(metadata.truncateBefore, metadata.maxCount ?? null, metadata.maxAgeSeconds ?? null, id);
  }

  #isTombstoned(name: string): boolean {
    return (this.#select.get(name) as StreamRow | undefined)?.last === TOMBSTONE_REVISION;
  }
}

function metadataOf(row: StreamRow | undefined): StreamMetadata {
  return {
    truncateBefore: row?.truncateBefore ?? 0,
    maxCount: row?.maxCount ?? undefined,
    maxAgeSeconds: row?.maxAge ?? undefined,
  };
}
