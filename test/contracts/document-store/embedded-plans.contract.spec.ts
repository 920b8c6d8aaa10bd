import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedMongo, startEmbeddedMongo } from '@libs/embedded-mongo';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection, Document } from './running-document-store.js';

let directory: string;
let store: EmbeddedMongo;
let client: mongoose.mongo.MongoClient;
let mails: Collection;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'document-store-plans-'));
  store = await startEmbeddedMongo({ directory, log: () => undefined });
  client = await new mongoose.mongo.MongoClient(store.url).connect();
  mails = client.db('plans').collection('mails');
  await mails.insertMany(
    Array.from({ length: 2000 }, (_, n) => ({
      _id: n,
      company: `c${n % 4}`,
      userId: `u${n % 20}`,
      receivedAt: new Date(n * 1000),
      shared: n % 2 === 0,
      dueAt: new Date(n),
      tags: [`t${n % 7}`, `t${n % 5}`],
      rare: n % 1000 === 0 ? n : undefined,
    })),
    { ignoreUndefined: true },
  );
  await mails.createIndexes([
    { key: { company: 1, userId: 1, receivedAt: -1, _id: -1 }, name: 'inbox' },
    { key: { company: 1, shared: 1, receivedAt: -1, _id: -1 }, name: 'shared' },
    { key: { dueAt: 1 }, name: 'due' },
    { key: { tags: 1, receivedAt: -1 }, name: 'tags' },
    { key: { rare: 1 }, name: 'rare', sparse: true },
  ]);
});
afterAll(async () => {
  await client.close();
  await store.close();
  await rm(directory, { recursive: true });
});

interface Stage {
  readonly stage: string;
  readonly indexName?: string;
  readonly direction?: string;
  readonly inputStage?: Stage;
}

const flat = ({ stage, indexName, direction, inputStage }: Stage): string[] => [
  [stage, indexName, direction].filter((part) => part !== undefined).join(' '),
  ...(inputStage === undefined ? [] : flat(inputStage)),
];

const now = new Date(500);
const newest = { receivedAt: -1, _id: -1 } as const;

/** Questions as the application asks them, with the stages that answer them. */
const PLANS: readonly (readonly [name: string, filter: Document, sort: Document, stages: readonly string[]])[] = [
  ['by _id', { _id: 5 }, {}, ['FETCH', 'IXSCAN _id_ forward']],
  ['a page of an inbox, newest first', { company: 'c1', userId: 'u1' }, newest, ['FETCH', 'IXSCAN inbox forward']],
  [
    'the same, oldest first',
    { company: 'c1', userId: 'u1' },
    { receivedAt: 1, _id: 1 },
    ['FETCH', 'IXSCAN inbox backward'],
  ],
  [
    'the page behind a message',
    { company: 'c1', userId: 'u1', $or: [{ receivedAt: { $lt: now } }, { receivedAt: now, _id: { $lt: 9 } }] },
    newest,
    ['FETCH', 'IXSCAN inbox forward'],
  ],
  ['what is shared, newest first', { company: 'c1', shared: true }, newest, ['FETCH', 'IXSCAN shared forward']],
  [
    'what is due, first come first',
    { dueAt: { $lte: now }, $or: [{ until: null }, { until: { $lte: now } }] },
    { dueAt: 1 },
    ['FETCH', 'IXSCAN due forward'],
  ],
  ['by a tag, newest first', { tags: 't3' }, { receivedAt: -1 }, ['FETCH', 'IXSCAN tags forward']],
  [
    'by several tags: sorted in memory',
    { tags: { $in: ['t3', 't4'] } },
    { receivedAt: -1 },
    ['SORT', 'FETCH', 'IXSCAN tags forward'],
  ],
  ['by the range of a sparse index', { rare: { $gte: 0 } }, {}, ['FETCH', 'IXSCAN rare forward']],
  ['missing in a sparse index: by the table', { rare: null }, {}, ['COLLSCAN forward']],
  ['sorted by a sparse index: by the table, in memory', {}, { rare: 1 }, ['SORT', 'COLLSCAN forward']],
  ['by what no index has', { nowhere: 1 }, {}, ['COLLSCAN forward']],
  ['all, in the order of an index', {}, { dueAt: -1 }, ['FETCH', 'IXSCAN due backward']],
  [
    'few, in another order: narrowed, then sorted in memory',
    { dueAt: { $lt: new Date(10) } },
    { receivedAt: 1 },
    ['SORT', 'FETCH', 'IXSCAN due forward'],
  ],
];

describe('the embedded document store plans', () => {
  it.each(PLANS)('%s', async (_name, filter, sort, stages) => {
    const plan = await mails.find(filter).sort(sort).explain();
    expect(flat(plan['queryPlanner'].winningPlan as Stage)).toEqual(stages);
  });

  it.each(PLANS)('%s: and finds what the table holds, in that order', async (_name, filter, sort) => {
    const find = () => mails.find(filter).sort(sort);
    const byTable = await find().hint({ $natural: 1 }).toArray();
    const planned = await find().toArray();
    const keys = Object.keys(sort);
    const order = (documents: Document[]) => documents.map((document) => keys.map((key) => document[key] as unknown));
    expect(order(planned)).toEqual(order(byTable));
    expect(new Set(planned.map(({ _id }) => _id))).toEqual(new Set(byTable.map(({ _id }) => _id)));
  });
});
