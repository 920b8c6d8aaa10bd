// `npm run projections:rebuild [name …]`: has the running service rebuild these read models, or all of them, while it
// serves, and shows how far it is. It only asks: the service does the work, so any number of instances agree on it.
// Ends with 1 when one failed. A read model is named as its collection: mail_servers_v1.
import mongoose from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningStores } from '../steps/running-stores.mjs';

const PATIENCE_MS = 20_000;
const WIDTH = 30;

const stores = runningStores();
if (!stores) fail('No service runs on DATA_DIR, and MONGO_URL is not set: there is nobody to ask.');
const connection = await mongoose
  .createConnection(stores.mongoUrl, { dbName: stores.database, serverSelectionTimeoutMS: 5_000 })
  .asPromise()
  .catch(() => fail('The document store does not answer: does the service run?'));
const requests = connection.collection('read_model_rebuilds');

const known = (await connection.collection('read_model_generations').find().toArray()).map(({ _id }) => _id).sort();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) fail(`There is no read model ${unknown.join(', ')}. There are: ${known.join(', ')}`);
const names = asked.length > 0 ? asked : known;

for (const name of names) {
  const underWay = await requests.findOne({ _id: name, state: { $in: ['requested', 'running'] } });
  if (underWay) continue;
  const fresh = { state: 'requested', requestedAt: new Date(), leaseUntil: new Date(0), progress: 0 };
  await requests.replaceOne({ _id: name }, fresh, { upsert: true });
}

let failures = 0;
for (const name of names) if (!(await watched(name))) failures += 1;
await connection.close();
process.exit(failures === 0 ? 0 : 1);

/** Shows the progress of one; answers whether it ended well. */
async function watched(name) {
  let lastChange = Date.now();
  let shown = '';
  for (;;) {
    const request = await requests.findOne({ _id: name });
    const text = `${request.state} ${request.progress} ${request.leaseUntil.getTime()}`;
    if (text !== shown) lastChange = Date.now();
    shown = text;
    draw(name, request);
    if (request.state === 'done' || request.state === 'failed') return report(name, request);
    if (request.state === 'requested' && Date.now() - lastChange > PATIENCE_MS) {
      process.stdout.write(`\n${name}: no running service has taken it up yet; it does so as soon as one runs.\n`);
      return false;
    }
    await sleep(200);
  }
}

function draw(name, { state, progress }) {
  if (!process.stdout.isTTY) return;
  const filled = Math.round(progress * WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  process.stdout.write(
    `\r${name.padEnd(28)} ${bar} ${String(Math.round(progress * 100)).padStart(3)} % ${state.padEnd(10)}`,
  );
}

function report(name, { state, documents, different = [], error }) {
  if (process.stdout.isTTY) process.stdout.write('\r');
  if (state === 'failed') console.log(`${name}: FAILED, the present one stays in service: ${error}`.padEnd(90));
  else if (different.length === 0)
    console.log(`${name}: rebuilt, ${documents} documents, all equal to the old ones`.padEnd(90));
  else
    console.log(
      `${name}: rebuilt, ${documents} documents; the old ones differed in ${different.join(', ')}`.padEnd(90),
    );
  return state === 'done';
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
