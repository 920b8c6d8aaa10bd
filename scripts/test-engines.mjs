// `npm run test:engines`: the contracts and the stories against other servers than the embedded ones: those that
// MONGO_URL and EVENTSTORE_URL name and, where no MONGO_URL is given, FerretDB, which speaks MongoDB's protocol and was
// written by others. What is not there is named and skipped, never passed.
import { spawnSync } from 'node:child_process';
import { NotAvailable, startFerretDb } from './engines/ferretdb.mjs';

const SUITES = [
  'test/contracts/document-store',
  'test/contracts/platform-stores',
  'test/contracts/event-store',
  'test/features',
];
/** Named on the command line, or all that run against a store. */
const chosen = process.argv.length > 2 ? process.argv.slice(2) : SUITES;
const { MONGO_URL, EVENTSTORE_URL } = process.env;

if (!EVENTSTORE_URL) console.log('skipped: a real EventStoreDB (EVENTSTORE_URL names none); the embedded one serves');
const ferret = MONGO_URL ? null : await ferretDb();
const url = MONGO_URL ?? ferret?.url;
if (!url && !EVENTSTORE_URL) process.exit(0);

const { status } = spawnSync(process.execPath, ['scripts/test.mjs', ...chosen], {
  stdio: 'inherit',
  env: { ...process.env, ...(url ? { MONGO_URL: url } : {}) },
});
await ferret?.close();
process.exit(status ?? 1);

async function ferretDb() {
  try {
    return await startFerretDb();
  } catch (error) {
    if (!(error instanceof NotAvailable)) throw error;
    console.log(`skipped: FerretDB (${error.message})`);
    return null;
  }
}
