// The part of `npm run audit:verify` that runs on the project's own Node, on what is built.
import { connect } from 'node:net';
import { runningStores } from '../steps/running-stores.mjs';

const { loadConfig } = await import('../../dist/src/platform/config/index.js');
const { openRecord, verifyEverything } = await import('../../dist/src/modules/audit/index.js');
const { categories, events } = await import('../../dist/src/events.js');
const { openStores } = await import('../../dist/src/stores.js');

const config = loadConfig();
const running = runningStores();
const own = running && (await answers(running.mongoUrl)) ? null : await openStores(config);
const record = await openRecord(config, own?.addresses ?? running, events, categories);
const seals = await count(record);
const verdict = await verifyEverything(record, categories, show);
await record.close();
await own?.close();
report(verdict);
process.exit(verdict.findingCount === 0 ? 0 : 1);

function show(checked) {
  if (process.stdout.isTTY) process.stdout.write(`\r${checked} events`);
}

function report({ checked, findings, findingCount, firstBroken }) {
  if (process.stdout.isTTY) process.stdout.write('\r');
  for (const { kind, stream, revision, position } of findings)
    console.log(`${kind}: ${stream} ${revision} at ${position}`);
  console.log(`${checked} events, ${seals.count} seals, the last of ${seals.lastAt ?? 'never'}`);
  for (const { id, publicKey } of record.keys.published()) console.log(`sealed by ${id}: ${publicKey}`);
  if (findingCount === 0) console.log('The record is whole.');
  else console.log(`The record is NOT whole: ${findingCount} finding(s), the first at ${firstBroken}.`);
}

async function count({ seals: store }) {
  let [seals, lastAt] = [0, null];
  for await (const { at } of await store.inOrder(null)) [seals, lastAt] = [seals + 1, at];
  return { count: seals, lastAt };
}

/** A service that was killed leaves its addresses behind. */
async function answers(url) {
  const { hostname, port } = new URL(url.split(',')[0]);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 27017), timeout: 2_000 });
    socket.once('connect', () => resolve(true) || socket.destroy());
    for (const failure of ['error', 'timeout']) socket.once(failure, () => resolve(false) || socket.destroy());
  });
}
