/**
 * A document store for trying, developing and testing: it speaks MongoDB's wire protocol on loopback, so that mongoose
 * and the official driver run against it unchanged, and keeps the documents in one SQLite file. It is not for
 * production: one process, one file, no authentication, no replication, no transactions. What it does not serve it
 * refuses with the protocol's own error; README.md lists that.
 */
export { type EmbeddedMongo, type EmbeddedMongoOptions, startEmbeddedMongo } from './embedded-mongo.js';
export { DamagedStoreError } from './store/damaged-store.error.js';
export { type Durability } from './store/database-file.js';
export { DirectoryInUseError, type Owner } from '@libs/sqlite-directory';
