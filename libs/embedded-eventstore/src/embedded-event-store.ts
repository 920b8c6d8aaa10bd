import { takeDirectory } from '@libs/sqlite-directory';
import { EventStoreServer, LOOPBACK } from './server/event-store-server.js';
import { type Durability, openEventDatabase } from './store/event-database.js';
import { eventStoreOver } from './store/event-store.js';
import { systemEvent } from './store/event-writer.js';

/** The stream the server itself writes to. */
const SERVER_STREAM = '$embedded-server';

export interface EmbeddedEventStoreOptions {
  /** Where the data lies; created if need be. One process at a time owns it. */
  readonly directory: string;
  /** `normal` (default): survives the death of the process. `full`: also a power cut, at an fsync for every append. */
  readonly durability?: Durability;
  /** TCP port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  /** Takes what has to be said, line by line; console.warn by default. */
  readonly log?: (line: string) => void;
}

export interface EmbeddedEventStore {
  /** Connection string for `EventStoreDBClient.connectionString`. */
  readonly url: string;
  /** Ends all calls with UNAVAILABLE, closes the file and gives the directory free. Further calls do nothing. */
  close(): Promise<void>;
}

/**
 * Starts the embedded event store.
 * @throws DirectoryInUseError when another process (or another call in this one) owns the directory
 * @throws DamagedStoreError when the event file cannot be trusted; it is left as it is
 * @throws Error when the port is taken or the directory cannot be written
 */
export async function startEmbeddedEventStore(options: EmbeddedEventStoreOptions): Promise<EmbeddedEventStore> {
  const { directory, durability = 'normal', port = 0, log = console.warn } = options;
  const cleanUp: (() => void | Promise<void>)[] = [];
  const undo = async () => {
    for (const step of cleanUp.reverse()) await step();
  };
  let closing: Promise<void> | undefined;
  try {
    const ownership = takeDirectory('event', directory);
    cleanUp.push(() => ownership.release());
    const database = openEventDatabase(directory, durability);
    cleanUp.push(() => database.close());
    const store = eventStoreOver(database);
    // $all of a real server always holds system events; with one at every start a forgotten filter shows at once.
    const started = JSON.stringify({ pid: process.pid, at: new Date().toISOString() });
    store.writer.append(SERVER_STREAM, 'any', [systemEvent('$serverStarted', started)]);
    const server = new EventStoreServer(store, log);
    cleanUp.push(() => server.close());
    const url = `esdb://${LOOPBACK}:${await server.listen(port)}?tls=false`;
    log(
      `Embedded event store at ${url}, data in ${directory}: for trying, developing and testing, not for production.`,
    );
    return { url, close: () => (closing ??= undo()) };
  } catch (error) {
    await undo();
    throw error;
  }
}
