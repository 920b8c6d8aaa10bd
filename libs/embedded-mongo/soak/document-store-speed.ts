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

/** Runs something `count` times, `inFlight` at once. */
async function repeat(count: number, inFlight: number, run: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

/** Times something, prints how many `units` a second that was, and how late the event loop was meanwhile. */
async function measure(name: string, units: number, run: () => Promise<unknown>): Promise<void> {
  const lateness = monitorEventLoopDelay({ resolution: 5 });
  lateness.enable();
  const begun = performance.now();
  await run();
  const seconds = (performance.now() - begun) / 1000;
  lateness.disable();
  const late = Math.max(0, lateness.percentile(99) / 1e6 - 5);
  const rate = Math.round(units / seconds).toLocaleString('en');
  console.log(`${name.padEnd(58)} ${rate.padStart(10)}/s   loop late p99 ${late.toFixed(0).padStart(4)} ms`);
}

const server = await start();
const client = await new mongoose.mongo.MongoClient(server.url, { maxPoolSize: 32 }).connect();
const db = client.db(`speed_${randomUUID().slice(0, 8)}`);
const total = Number(values.documents);

try {
  const views = db.collection<{ _id: string }>('views');
  await views.createIndexes(INDEXES.map((index) => ({ ...index })));
  const single = db.collection('singles');
  await single.createIndexes(INDEXES.map((index) => ({ ...index })));
  await measure('insertOne, 6 indexes, one after another', 2000, () =>
    repeat(2000, 1, (n) => single.insertOne(messageSummary(n))),
  );
  await measure('insertOne, 6 indexes, 32 in flight', 4000, () =>
    repeat(4000, 32, (n) => single.insertOne(messageSummary(n + 2000))),
  );

  const sources = db.collection('sources');
  const bodies = Array.from({ length: 100 }, () => randomBytes(20_000));
  await measure('insertMany of 100 documents of 20 KB, documents', 3000, () =>
    repeat(30, 1, () => sources.insertMany(bodies.map((body) => ({ body })))),
  );
  const upserts = (batch: number) =>
    Array.from({ length: 100 }, (_, index) => {
      const n = batch * 100 + index;
      return {
        updateOne: { filter: { _id: `m${String(n)}` }, update: { $setOnInsert: messageSummary(n) }, upsert: true },
      };
    });
  await measure('bulkWrite of 100 new upserts, 6 indexes, operations', total, () =>
    repeat(total / 100, 1, (batch) => views.bulkWrite(upserts(batch), { ordered: false })),
  );
  await measure('bulkWrite of 100 repeated upserts, operations', 10_000, () =>
    repeat(100, 1, (batch) => views.bulkWrite(upserts(batch), { ordered: false })),
  );
  await measure('updateOne $set by _id, one after another', 2000, () =>
    repeat(2000, 1, (n) => views.updateOne({ _id: `m${String(n)}` }, { $set: { shared: n % 2 === 0 } })),
  );
  await measure('findOneAndUpdate by _id, 32 in flight', 4000, () =>
    repeat(4000, 32, (n) => views.findOneAndUpdate({ _id: `m${String(n)}` }, { $inc: { opened: 1 } })),
  );
  await measure('findOne by unique key, one after another', 3000, () =>
    repeat(3000, 1, (n) => views.findOne({ company: 'c1', identity: `identity-${String(n)}` })),
  );
  await measure('findOne by unique key, 32 in flight', 6000, () =>
    repeat(6000, 32, (n) => views.findOne({ company: 'c1', identity: `identity-${String(n)}` })),
  );
  const page = (n: number) =>
    views
      .find({ company: 'c1', userId: userOf(n) })
      .sort({ receivedAt: -1, _id: -1 })
      .limit(50)
      .toArray();
  await measure('page of 50, newest first, one after another', 800, () => repeat(800, 1, page));
  await measure('page of 50, newest first, 16 in flight', 1600, () => repeat(1600, 16, page));
  await measure('countDocuments on an index', 400, () =>
    repeat(400, 1, (n) => views.countDocuments({ company: 'c1', userId: userOf(n) })),
  );
  await measure('scan without an index, documents', total * 3, () =>
    repeat(3, 1, () => views.countDocuments({ subject: /nowhere/ })),
  );
  await measure('$group over all, documents', total * 3, () =>
    repeat(3, 1, () =>
      views.aggregate([{ $group: { _id: '$userId', n: { $sum: 1 }, last: { $max: '$receivedAt' } } }]).toArray(),
    ),
  );
  await measure('cursor over all, documents', total, () => views.find().forEach(() => undefined));
  console.log('RSS of this process:', Math.round(process.memoryUsage().rss / 1e6), 'MB');
} finally {
  await db.dropDatabase();
  await client.close();
  await server.close();
  await rm(directory, { recursive: true });
}
