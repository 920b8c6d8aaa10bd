import type { Durability } from './store/database-file.js';
import { runDocumentServer } from './document-server.js';

/** How often MongoDB looks for documents whose time is over. */
const TTL_INTERVAL_MS = 60_000;

export interface EmbeddedMongoOptions {
  /** Where the data lies; created if need be. One process at a time owns it. */
  readonly directory: string;
  /** `normal` (default): survives the death of the process. `full`: also a power cut, at an fsync for every command. */
  readonly durability?: Durability;
  /** TCP port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  /** How often documents of TTL indexes are expired, in milliseconds; 60,000 by default, as MongoDB. */
  readonly ttlIntervalMs?: number;
  /** Takes what has to be said, line by line; console.warn by default. */
  readonly log?: (line: string) => void;
}

export interface EmbeddedMongo {
  /** Connection string for mongoose or the driver. */
  readonly url: string;
  /** Ends all connections, closes the file and gives the directory free. Further calls do nothing. */
  close(): Promise<void>;
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/**
 * Starts the embedded document store: MongoDB's wire protocol on loopback, over one SQLite file.
 * @throws DirectoryInUseError when another process (or another call in this one) owns the directory
 * @throws DamagedStoreError when the data file cannot be trusted; it is left as it is
 * @throws Error when the port is taken or the directory cannot be written
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const { directory, durability = 'normal', port = 0, ttlIntervalMs = TTL_INTERVAL_MS, log = console.warn } = options;
  const report = (error: unknown): void => log(`Embedded document store: ${describe(error)}`);
  const server = await runDocumentServer({ directory, durability, port, ttlIntervalMs }, report);
  const url = `mongodb://127.0.0.1:${String(server.port)}/`;
  log(
    `Embedded document store at ${url}, data in ${directory}: for trying, developing and testing, not for production.`,
  );
  let closing: Promise<void> | undefined;
  return { url, close: () => (closing ??= server.close()) };
}
