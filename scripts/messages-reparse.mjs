// `npm run messages:reparse`: has the running service read all mail that is here anew, from the kept sources, after
// the parser has got better, and shows how far it is. It only asks: the service does the work, so any number of
// instances agree on it, and what ends this program or a service does not end the work: call it again to watch on.
import mongoose from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningStores } from './steps/running-stores.mjs';

const NAME = 'messages-reparse';
const PATIENCE_MS = 20_000;

const stores = runningStores();
if (!stores) fail('No service runs on DATA_DIR, and MONGO_URL is not set: there is nobody to ask.');
const connection = await mongoose
  .createConnection(stores.mongoUrl, { dbName: stores.database, serverSelectionTimeoutMS: 5_000 })
  .asPromise()
  .catch(() => fail('The document store does not answer: does the service run?'));
const runs = connection.collection('maintenance_runs');

const underWay = await runs.findOne({ _id: NAME, state: { $in: ['requested', 'running'] } });
if (!underWay) {
  const fresh = { state: 'requested', after: null, done: 0, changed: 0, total: 0 };
  await runs.replaceOne({ _id: NAME }, fresh, { upsert: true });
}

const requestedAt = Date.now();
for (let shown = ''; ; await sleep(200)) {
  const { state, done, total, changed } = await runs.findOne({ _id: NAME });
  const text = `${done} / ${total} mails read anew, ${changed} of them differently`;
  if (state === 'requested') {
    if (Date.now() - requestedAt > PATIENCE_MS)
      fail('No running service has taken it up yet; it does so as soon as one runs.');
    continue;
  }
  if (process.stdout.isTTY) process.stdout.write(`\r${text} `);
  else if (text !== shown) console.log(text);
  shown = text;
  if (state === 'done') break;
}
if (process.stdout.isTTY) process.stdout.write('\n');
await connection.close();

function fail(text) {
  console.error(text);
  process.exit(1);
}
