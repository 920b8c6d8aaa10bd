// `npm run test:engines`: the contracts and the stories against other servers than the embedded ones: those that
// MONGO_URL and EVENTSTORE_URL name and, where no MONGO_URL is given, FerretDB, which speaks MongoDB's protocol and was
// written by others. What is not there is named and skipped, never passed.
//
//     npm run test:engines                   all of them
//     npm run test:engines -- --short        the contracts, and the stories of SHORT: what .ci/run has time for
//     npm run test:engines -- <path …>       these
import { spawnSync } from 'node:child_process';
import { NotAvailable, startFerretDb } from './engines/ferretdb.mjs';

const { MONGO_URL, EVENTSTORE_URL } = process.env;

/** The suites that are not about the embedded stores themselves. */
const CONTRACTS = [
  'test/contracts/document-store/real-server',
  'test/contracts/document-store/histories',
  'test/contracts/platform-stores',
  ...(EVENTSTORE_URL ? ['test/contracts/event-store/real-server'] : []),
];
/**
 * Every module's own stories. Left out are those that differ in what a mail server or a provider does, and go the same
 * ways through the store as these (imap-*, gmail-*, office365-receive, outbox-gmail, outbox-office365 and the like);
 * those about embedded stores (embedded-stores, killed); and first-mail and legacy-company, whose hundreds of mails and
 * settings take FerretDB minutes, because it reads whole collections where others ask an index.
 */
const SHORT = [
  ...['audit', 'audit-forgetting', 'audit-tools', 'bad-input', 'company-settings', 'inbox-quarantine'],
  ...['inbox-reading', 'legacy-import', 'legacy-migration', 'office365-admin-consent', 'office365-consent', 'outbox'],
].map((name) => `test/features/${name}.feature.spec.ts`);

const given = process.argv.slice(2);
const named = given[0] === '--short' ? [...CONTRACTS, ...SHORT] : given;
const chosen = named.length > 0 ? named : [...CONTRACTS, 'test/features'];

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
