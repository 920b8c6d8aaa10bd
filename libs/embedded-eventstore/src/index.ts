/**
 * An event store for trying, developing and testing: it speaks EventStoreDB's gRPC protocol on loopback, so that the
 * official client runs against it unchanged, and keeps the events in one SQLite file. It is not for production: one
 * process, one file, no authentication, no replication. What it does not serve it refuses with the protocol's own error;
 * README.md lists that.
 */
export {
  type EmbeddedEventStore,
  type EmbeddedEventStoreOptions,
  startEmbeddedEventStore,
} from './embedded-event-store.js';
export { DamagedStoreError } from './store/damaged-store.error.js';
export { DirectoryInUseError, type Owner } from '@libs/sqlite-directory';
export { type Durability } from './store/event-database.js';
