import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '@libs/embedded-mongo';
import mongoose from 'mongoose';
import { expect, it, vi } from 'vitest';

const HOUR = 3_600_000;

it('the embedded document store deletes what an expiring index says is over, and nothing else', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'document-store-ttl-'));
  const store = await startEmbeddedMongo({ directory, ttlIntervalMs: 20, log: () => undefined });
  const client = await new mongoose.mongo.MongoClient(store.url).connect();
  try {
    const keys = client.db('ttl').collection<{ _id: string; at?: unknown; done?: boolean }>('keys');
    const over = new Date(Date.now() - 2 * HOUR);
    const many = Array.from({ length: 450 }, (_, n) => ({ _id: `over ${n}`, at: over }));
    await keys.insertMany([
      ...many,
      { _id: 'one of several', at: [new Date(), over] },
      { _id: 'recent', at: new Date() },
      { _id: 'to come', at: new Date(Date.now() + HOUR) },
      { _id: 'no date', at: 'yesterday' },
      { _id: 'a number', at: 5 },
      { _id: 'null', at: null },
      { _id: 'missing' },
    ]);
    await keys.createIndex({ at: 1 }, { expireAfterSeconds: 3600 });
    const rest = ['a number', 'missing', 'no date', 'null', 'recent', 'to come'];
    await vi.waitFor(async () => expect((await keys.distinct('_id')).sort()).toEqual(rest), 10_000);

    const jobs = client.db('ttl').collection<{ _id: string; at: Date; done: boolean }>('jobs');
    await jobs.createIndex({ at: 1 }, { expireAfterSeconds: 0, partialFilterExpression: { done: true } });
    await jobs.insertMany([
      { _id: 'open', at: over, done: false },
      { _id: 'done', at: over, done: true },
    ]);
    await vi.waitFor(async () => expect(await jobs.distinct('_id')).toEqual(['open']), 10_000);
  } finally {
    await client.close();
    await store.close();
    await rm(directory, { recursive: true });
  }
});
