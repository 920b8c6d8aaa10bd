import { type DatabaseSync } from 'node:sqlite';

import { AppendSignal } from './append-signal.js';
import { EventLog } from './event-log.js';
import { EventReader } from './event-reader.js';
import { EventWriter } from './event-writer.js';
import { StreamTable } from './stream-table.js';

/** The store behind the protocol: everything in it is synchronous, on one SQLite connection. */
export interface EventStore {
  readonly streams: StreamTable;
  readonly reader: EventReader;
  readonly writer: EventWriter;
  readonly signal: AppendSignal;
}

/** Puts the parts together over an opened event file. */
export function eventStoreOver(database: DatabaseSync): EventStore {
  const streams = new StreamTable(database);
  const signal = new AppendSignal();
  return {
    streams,
    signal,
    reader: new EventReader(database),
    writer: new EventWriter(streams, new EventLog(database), signal),
  };
}
