/**
 * Fills the embedded document store in a process of its own, and measures how long it takes to start over that much, and
 * what memory it needs for questions that an index answers (Linux, by /proc). After a build:
 *
 *     node dist/libs/embedded-mongo/soak/document-store-size.js [--documents 1000000]
 */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import mongoose from 'mongoose';
import { type EmbeddedProcess, startEmbeddedProcess } from './embedded-process.js';
import { INDEXES, messageSummary, userOf } from './message-summaries.js';

const { values } = parseArgs({ options: { documents: { type: 'string', default: '1000000' } } });
const BATCH = 1000;
const PAGES = 300;
const total = Number(values.documents);
const script = fileURLToPath(new URL('../src/serve.js', import.meta.url));
const directory = await mkdtemp(join(tmpdir(), 'document-store-size-'));

/** Runs something against the store, from its start to its end. */
async function session(
  end: 'close' | 'kill',
  run: (messages: mongoose.mongo.Collection, store: EmbeddedProcess) => Promise<void>,
): Promise<void> {
  const begun = performance.now();
  const store = await startEmbeddedProcess(script, directory);
  const client = await new mongoose.mongo.MongoClient(store.url).connect();
  const messages = client.db('size').collection('messages');
  await messages.findOne({ identity: 'none', company: 'c1' });
  console.log(`started, connected and asked in ${since(begun)}; ${await memoryOf(store)}`);
  await run(messages, store);
  await client.close();
  await store[end]();
}

const since = (begun: number): string => `${((performance.now() - begun) / 1000).toFixed(2)} s`;

async function memoryOf({ pid }: EmbeddedProcess): Promise<string> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  const megabytes = (field: string): string =>
    `${String(Math.round(Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024))} MB`;
  return `memory ${megabytes('VmRSS')}, at most ${megabytes('VmHWM')}`;
}

/** Does something, says how long it took, and what memory the store has needed so far. */
async function measured(store: EmbeddedProcess, what: string, run: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await run();
  console.log(`${what} in ${since(begun)}; ${await memoryOf(store)}`);
}

try {
  await session('close', async (messages, store) => {
    await messages.createIndexes(INDEXES.map((index) => ({ ...index })));
    await measured(store, `${total.toLocaleString('en')} documents stored under 6 indexes`, async () => {
      for (let n = 0; n < total; n += BATCH) {
        await messages.insertMany(Array.from({ length: BATCH }, (_, index) => messageSummary(n + index)));
      }
    });
  });
  const { size } = await stat(join(directory, 'documents.sqlite'));
  console.log(`file of ${(size / 1e9).toFixed(2)} GB`);
  await session('close', async (messages, store) => {
    const page = (n: number) => messages.find({ company: 'c1', userId: userOf(n) }).sort({ receivedAt: -1, _id: -1 });
    await measured(store, `${String(PAGES)} pages of 50, newest first`, async () => {
      for (let n = 0; n < PAGES; n++) await page(n).limit(50).toArray();
    });
    await measured(store, 'the page behind 10,000 others', () => page(1).skip(10_000).limit(50).toArray());
    await measured(store, 'all documents by a cursor, in the order of an index', async () => {
      for await (const _ of messages.find().sort({ receivedAt: -1 })) continue;
    });
    await measured(store, 'a filter without an index', () => messages.countDocuments({ subject: /nowhere/ }));
    await messages.insertMany(Array.from({ length: BATCH }, (_, index) => messageSummary(total + index)));
    await store.kill();
  });
  await session('kill', () => Promise.resolve());
} finally {
  await rm(directory, { recursive: true });
}
