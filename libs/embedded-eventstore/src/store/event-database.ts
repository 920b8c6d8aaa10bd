import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isSqliteDamage } from '@libs/sqlite-directory';

import { decodeEventData } from '../wire/read-response.js';
import { DamagedStoreError } from './damaged-store.error.js';

/** `normal` survives the death of the process, `full` also a power cut (SQLite documentation, PRAGMA synchronous). */
export type Durability = 'normal' | 'full';

/** Marks the file as ours in its header ("HRES"), so that another SQLite file is not taken for an event store. */
const APPLICATION_ID = 0x48524553;
const SCHEMA_VERSION = 1;

/** Checking a file takes about 1 ms per MB, and a start must stay quick; above this size only the cheap checks run. */
const FULLY_CHECKED_BYTES = 32 * 1024 * 1024;

// `response` holds the event already encoded as the answer to a read; `position` plays the log position.
// event_by_id carries the stream, because SQLite otherwise prefers event_by_revision and scans the whole stream.
const SCHEMA = `
  CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    truncate_before INTEGER NOT NULL DEFAULT 0,
    max_count INTEGER,
    max_age INTEGER
  ) STRICT;
  CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    type TEXT NOT NULL,
    id BLOB NOT NULL,
    created INTEGER NOT NULL,
    response BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX event_by_revision ON event (stream, revision);
  CREATE INDEX event_by_id ON event (id, stream, revision);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/**
 * Opens the event file of a directory this process owns; creates it when there is none.
 * @throws DamagedStoreError when there is a file that cannot be trusted; it is then left as it is
 */
export function openEventDatabase(directory: string, durability: Durability): DatabaseSync {
  const file = join(directory, 'events.sqlite');
  if (existsSync(file)) checkEventFile(file);
  else if (hasContent(`${file}-wal`))
    throw new DamagedStoreError(file, 'it is missing, and its journal is still there');
  else createEventFile(file);
  const database = new DatabaseSync(file);
  // EXCLUSIVE also keeps other programs out and does without the shared-memory file.
  database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability};`);
  return database;
}

/**
 * Creates the file under another name and renames it when it is complete, so that a file of the right name that is
 * empty or half-written can only be damage.
 */
function createEventFile(file: string): void {
  const unfinished = `${file}.unfinished`;
  rmSync(unfinished, { force: true });
  const database = new DatabaseSync(unfinished);
  try {
    database.exec(SCHEMA);
  } finally {
    database.close();
  }
  renameSync(unfinished, file);
}

/** Looks at the file through a read-only connection, which cannot change it, not even by recovering its journal. */
function checkEventFile(file: string): void {
  const bytes = statSync(file).size;
  if (bytes === 0) throw new DamagedStoreError(file, 'it is empty');
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    checkHeader(database, file);
    checkNewestEvents(database, file);
    if (bytes <= FULLY_CHECKED_BYTES) checkEverything(database, file);
  } catch (error) {
    if (isSqliteDamage(error)) throw new DamagedStoreError(file, (error as Error).message, { cause: error });
    throw error;
  } finally {
    database.close();
  }
}

function checkHeader(database: DatabaseSync, file: string): void {
  const applicationId = pragma(database, 'application_id');
  if (applicationId !== APPLICATION_ID) throw new DamagedStoreError(file, 'it is not an event store file');
  const version = pragma(database, 'user_version');
  if (version !== SCHEMA_VERSION) {
    throw new DamagedStoreError(file, `its format is ${String(version)}, this program reads ${SCHEMA_VERSION}`);
  }
}

function checkNewestEvents(database: DatabaseSync, file: string): void {
  const newest = database.prepare('SELECT position, response FROM event ORDER BY position DESC LIMIT 20').all();
  for (const { position, response } of newest) {
    try {
      decodeEventData(response as Uint8Array);
    } catch (error) {
      throw new DamagedStoreError(file, `the event at position ${String(position)} cannot be read`, { cause: error });
    }
  }
}

function checkEverything(database: DatabaseSync, file: string): void {
  const finding = pragma(database, 'quick_check(1)');
  if (finding !== 'ok') throw new DamagedStoreError(file, String(finding));
}

function hasContent(file: string): boolean {
  return existsSync(file) && statSync(file).size > 0;
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}
