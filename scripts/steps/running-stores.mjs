import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the stores of the service are: as the environment says, or the embedded ones of a service that runs on
 * DATA_DIR. null: neither is said, nor does such a service run.
 */
export function runningStores(env = process.env) {
  const file = join(env.DATA_DIR || './data', 'store-addresses.json');
  const embedded = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const eventStoreUrl = env.EVENTSTORE_URL || embedded.eventStoreUrl;
  const mongoUrl = env.MONGO_URL || embedded.mongoUrl;
  return eventStoreUrl && mongoUrl ? { eventStoreUrl, mongoUrl, database: databaseOf(mongoUrl) } : null;
}

/** As the service has it (src/platform/document-database.ts), which need not be built where a script only asks it. */
function databaseOf(mongoUrl) {
  return /^[^/]+\/\/[^/]+\/([^?]+)/.exec(mongoUrl)?.[1] ?? 'hrbc_mail';
}
