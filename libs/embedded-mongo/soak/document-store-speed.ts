/**
 * Measures a document store through the official driver, as an application that imports mail uses it. After a build:
 *
 *     node dist/libs/embedded-mongo/soak/document-store-speed.js [--durability full] [--own-process]
 *     node dist/libs/embedded-mongo/soak/document-store-speed.js --url mongodb://…
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import mongoose from 'mongoose';
import { startEmbeddedMongo } from '../src/index.js';
import { startEmbeddedProcess } from './embedded-process.js';
import { INDEXES, messageSummary, userOf } from './message-summaries.js';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    durability: { type: 'string', default: 'normal' },
    'own-process': { type: 'boolean', default: false },
    documents: { type: 'string', default: '50000' },
  },
});

const script = fileURLToPath(new URL('../src/serve.js', import.meta.url));
const directory = await mkdtemp(join(tmpdir(), 'document-store-speed-'));

async function start(): Promise<{ url: string; close(): Promise<void> }> {
  if (values.url !== undefined) return { url: values.url, close: () => Promise.resolve() };
  if (values['own-process']) return startEmbeddedProcess(script, directory);
  return startEmbeddedMongo({
    directory,
    durability: values.durability === 'full' ? 'full' : 'normal',
    log: () => undefined,
  });
}

interface Load {
  /** How often at most; a slow server is given up after LIMIT_MS. */
  readonly times: number;
  /** How many at once. */
  readonly inFlight?: number;
  /** What one of them counts. */
  readonly units?: number;
}

const LIMIT_MS = 20_000;

/** Runs something again and again; prints how much of it was done a second, and how late the event loop was meanwhile. */
async function measure(
  name: string,
  { times, inFlight = 1, units = 1 }: Load,
  run: (n: number) => Promise<unknown>,
): Promise<void> {
  const lateness = monitorEventLoopDelay({ resolution: 5 });
  lateness.enable();
  const begun = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < times && performance.now() - begun < LIMIT_MS) await run(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - begun) / 1000;
  lateness.disable();
  const late = Math.max(0, lateness.percentile(99) / 1e6 - 5);
  const rate = Math.round((next * units) / seconds).toLocaleString('en');
  console.log(`${name.padEnd(58)} ${rate.padStart(10)}/s   loop late p99 ${late.toFixed(0).padStart(4)} ms`);
}

const server = await start();
const client = await new mongoose.mongo.MongoClient(server.url, { maxPoolSize: 32 }).connect();
const db = client.db(`speed_${randomUUID().slice(0, 8)}`);
const total = Number(values.documents);

try {
  const views = db.collection<{ _id: string }>('views');
  await views.createIndexes(INDEXES.map((index) => ({ ...index })));
  const upserts = (batch: number) =>
    Array.from({ length: 100 }, (_, index) => {
      const n = batch * 100 + index;
      const update = { $setOnInsert: messageSummary(n) };
      return { updateOne: { filter: { _id: `m${String(n)}` }, update, upsert: true } };
    });
  for (let batch = 0; batch < total / 100; batch++) await views.bulkWrite(upserts(batch), { ordered: false });
  console.log(`${String(total)} documents under 6 indexes`);

  const single = db.collection('singles');
  await single.createIndexes(INDEXES.map((index) => ({ ...index })));
  await measure('insertOne, one after another', { times: 2000 }, (n) => single.insertOne(messageSummary(n)));
  await measure('insertOne, 32 in flight', { times: 4000, inFlight: 32 }, (n) =>
    single.insertOne(messageSummary(n + 2000)),
  );
  const sources = db.collection('sources');
  const bodies = Array.from({ length: 100 }, () => randomBytes(20_000));
  await measure('insertMany of 100 of 20 KB, documents', { times: 30, units: 100 }, () =>
    sources.insertMany(bodies.map((body) => ({ body }))),
  );
  await measure('bulkWrite of 100 new upserts, operations', { times: 100, units: 100 }, (n) =>
    views.bulkWrite(upserts(total / 100 + n), { ordered: false }),
  );
  await measure('bulkWrite of 100 repeated upserts, operations', { times: 100, units: 100 }, (n) =>
    views.bulkWrite(upserts(n), { ordered: false }),
  );
  await measure('updateOne $set by _id, one after another', { times: 2000 }, (n) =>
    views.updateOne({ _id: `m${String(n)}` }, { $set: { shared: n % 2 === 0 } }),
  );
  await measure('findOneAndUpdate by _id, 32 in flight', { times: 4000, inFlight: 32 }, (n) =>
    views.findOneAndUpdate({ _id: `m${String(n)}` }, { $inc: { opened: 1 } }),
  );
  const byKey = (n: number) => views.findOne({ company: 'c1', identity: `identity-${String(n)}` });
  await measure('findOne by unique key, one after another', { times: 3000 }, byKey);
  await measure('findOne by unique key, 32 in flight', { times: 6000, inFlight: 32 }, byKey);
  const mine = (n: number) => ({ company: 'c1', userId: userOf(n) });
  const page = (n: number) => views.find(mine(n)).sort({ receivedAt: -1, _id: -1 }).limit(50).toArray();
  await measure('page of 50, newest first, one after another', { times: 800 }, page);
  await measure('page of 50, newest first, 16 in flight', { times: 1600, inFlight: 16 }, page);
  await measure('countDocuments on an index', { times: 400 }, (n) => views.countDocuments(mine(n)));
  const stored = await views.countDocuments();
  await measure('scan without an index, documents', { times: 3, units: stored }, () =>
    views.countDocuments({ subject: /nowhere/ }),
  );
  await measure('cursor over all, documents', { times: 1, units: stored }, () => views.find().forEach(() => undefined));
  console.log('RSS of this process:', Math.round(process.memoryUsage().rss / 1e6), 'MB');
} finally {
  await db.dropDatabase();
  await client.close();
  await server.close();
  await rm(directory, { recursive: true });
}
