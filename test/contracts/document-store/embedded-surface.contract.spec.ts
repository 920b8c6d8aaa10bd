import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedMongo, startEmbeddedMongo } from '@libs/embedded-mongo';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Db, Document } from './running-document-store.js';
import { codeOf } from './server-failure.js';

const { BSON } = mongoose.mongo;

let directory: string;
let store: EmbeddedMongo;
let client: mongoose.mongo.MongoClient;
let db: Db;
const lines: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'document-store-surface-'));
  store = await startEmbeddedMongo({ directory, log: (line) => lines.push(line) });
  client = await new mongoose.mongo.MongoClient(store.url).connect();
  db = client.db('surface');
  await db.collection('mails').insertOne({ _id: 1 as never, a: 1 });
});
afterAll(async () => {
  await client.close();
  await store.close();
  await rm(directory, { recursive: true });
});

/** What MongoDB serves and this server does not, each with the code by which it says so. */
const REFUSED: readonly (readonly [name: string, command: Document, code: number])[] = [
  ['a collation', { find: 'mails', collation: { locale: 'ja' } }, 238],
  [
    'a collation of an index',
    { createIndexes: 'mails', indexes: [{ key: { a: 1 }, name: 'x', collation: { locale: 'ja', strength: 2 } }] },
    238,
  ],
  ['$where', { find: 'mails', filter: { $where: 'true' } }, 238],
  ['$text', { find: 'mails', filter: { $text: { $search: 'x' } } }, 238],
  ['$jsonSchema', { find: 'mails', filter: { $jsonSchema: {} } }, 238],
  ['$near', { find: 'mails', filter: { a: { $near: [1, 2] } } }, 238],
  ['$geoWithin', { find: 'mails', filter: { a: { $geoWithin: {} } } }, 238],
  ['$bitsAllSet', { find: 'mails', filter: { a: { $bitsAllSet: 1 } } }, 238],
  ['inline flags in a regular expression', { find: 'mails', filter: { a: { $regex: '(?i)x' } } }, 238],
  ['an escape only PCRE knows', { find: 'mails', filter: { a: { $regex: '\\Ax' } } }, 238],
  ['extended regular expressions', { find: 'mails', filter: { a: { $regex: 'x', $options: 'x' } } }, 238],
  ['$meta in a projection', { find: 'mails', projection: { s: { $meta: 'textScore' } } }, 238],
  ['$meta in a sort', { find: 'mails', sort: { s: { $meta: 'textScore' } } }, 238],
  ['let', { find: 'mails', let: { x: 1 } }, 238],
  ['min and max', { find: 'mails', min: { a: 1 } }, 40415],
  ['a tailable cursor', { find: 'mails', tailable: true }, 238],
  ['an unknown option', { find: 'mails', nonsense: 1 }, 40415],
  ['an option of another command', { count: 'mails', projection: { a: 1 } }, 40415],
  ['a text index', { createIndexes: 'mails', indexes: [{ key: { a: 'text' }, name: 'x' }] }, 238],
  ['a geographic index', { createIndexes: 'mails', indexes: [{ key: { a: '2dsphere' }, name: 'x' }] }, 238],
  ['a hashed index', { createIndexes: 'mails', indexes: [{ key: { a: 'hashed' }, name: 'x' }] }, 238],
  ['a wildcard index', { createIndexes: 'mails', indexes: [{ key: { '$**': 1 }, name: 'x' }] }, 238],
  ['an index on array positions', { createIndexes: 'mails', indexes: [{ key: { 'a.0': 1 }, name: 'x' }] }, 238],
  ['a hidden index', { createIndexes: 'mails', indexes: [{ key: { a: 1 }, name: 'x', hidden: true }] }, 238],
  ['a descending index on _id', { createIndexes: 'mails', indexes: [{ key: { _id: -1 }, name: 'x' }] }, 238],
  ['a capped collection', { create: 'capped', capped: true, size: 1000 }, 238],
  ['a validator', { create: 'valid', validator: { a: 1 } }, 40415],
  ['a view', { create: 'view', viewOn: 'mails', pipeline: [] }, 40415],
  ['a time series', { create: 'series', timeseries: { timeField: 't' } }, 40415],
  ['collMod', { collMod: 'mails' }, 59],
  ['$out', { aggregate: 'mails', pipeline: [{ $out: 'x' }], cursor: {} }, 40324],
  ['$merge', { aggregate: 'mails', pipeline: [{ $merge: 'x' }], cursor: {} }, 40324],
  ['$graphLookup', { aggregate: 'mails', pipeline: [{ $graphLookup: {} }], cursor: {} }, 40324],
  ['$setWindowFields', { aggregate: 'mails', pipeline: [{ $setWindowFields: {} }], cursor: {} }, 40324],
  [
    '$lookup with let',
    { aggregate: 'mails', pipeline: [{ $lookup: { from: 'x', let: {}, pipeline: [], as: 'y' } }], cursor: {} },
    238,
  ],
  [
    'a $lookup into what is no name',
    {
      aggregate: 'mails',
      pipeline: [{ $lookup: { from: 'x', localField: 'a', foreignField: 'b', as: 1 } }],
      cursor: {},
    },
    9,
  ],
  [
    'a $map over what is no name',
    { aggregate: 'mails', pipeline: [{ $set: { b: { $map: { input: ['$a'], as: 1, in: 1 } } } }], cursor: {} },
    9,
  ],
  [
    'a $dateToString by what is no format',
    { aggregate: 'mails', pipeline: [{ $set: { b: { $dateToString: { date: '$$NOW', format: 1 } } } }], cursor: {} },
    9,
  ],
  ['a change stream', { aggregate: 'mails', pipeline: [{ $changeStream: {} }], cursor: {} }, 40573],
  ['an aggregation over no collection', { aggregate: 1, pipeline: [{ $match: {} }], cursor: {} }, 73],
  ['mapReduce', { mapReduce: 'mails' }, 59],
  ['a snapshot read', { find: 'mails', readConcern: { level: 'snapshot' } }, 238],
  ['a confirmation by two servers', { insert: 'mails', documents: [{ a: 1 }], writeConcern: { w: 2 } }, 2],
  [
    'a confirmation of an unknown kind',
    { insert: 'mails', documents: [{ a: 1 }], writeConcern: { w: 'datacentre' } },
    100,
  ],
  ['a transaction number', { insert: 'mails', documents: [{ a: 1 }], txnNumber: BSON.Long.fromNumber(1) }, 20],
  ['commitTransaction', { commitTransaction: 1 }, 20],
  ['explain of a write', { explain: { delete: 'mails', deletes: [{ q: {}, limit: 0 }] } }, 238],
  ['renaming into another database', { renameCollection: 'surface.mails', to: 'other.mails' }, 238],
  ['authentication', { saslStart: 1, mechanism: 'PLAIN', payload: 'x' }, 18],
  ['users', { createUser: 'x' }, 59],
];

/** Writes that are refused statement by statement: the reply holds the code. */
const REFUSED_STATEMENTS: readonly (readonly [name: string, command: Document, code: number])[] = [
  ['$bit', { update: 'mails', updates: [{ q: {}, u: { $bit: { a: { and: 1 } } } }] }, 238],
  [
    'a collation of an update',
    { update: 'mails', updates: [{ q: {}, u: { $set: { a: 1 } }, collation: { locale: 'ja' } }] },
    238,
  ],
  ['let in an update', { update: 'mails', updates: [{ q: {}, u: [{ $set: { a: '$$x' } }], c: { x: 1 } }] }, 238],
  ['a stage that may not change documents', { update: 'mails', updates: [{ q: {}, u: [{ $group: { _id: 1 } }] }] }, 72],
  ['an unknown field of an update', { update: 'mails', updates: [{ q: {}, u: { a: 1 }, nonsense: 1 }] }, 40415],
  ['a delete of two', { delete: 'mails', deletes: [{ q: {}, limit: 2 }] }, 9],
  ['fields that start with $', { insert: 'mails', documents: [{ $a: 1 }] }, 52],
  [
    'the placeholder for the current time',
    { insert: 'mails', documents: [{ at: new BSON.Timestamp({ t: 0, i: 0 }) }] },
    238,
  ],
];

describe('the embedded document store refuses what it does not serve:', () => {
  it.each(REFUSED)('%s', async (_name, command, code) => {
    const where = 'renameCollection' in command ? client.db('admin') : db;
    expect(await codeOf(where.command(command))).toBe(code);
  });

  it.each(REFUSED_STATEMENTS)('%s', async (_name, command, code) => {
    expect(await db.command(command)).toMatchObject({ ok: 1, writeErrors: [{ index: 0, code }] });
  });

  it('and has changed nothing by it', async () => {
    expect(await db.collection('mails').find().toArray()).toEqual([{ _id: 1, a: 1 }]);
    expect((await db.collection('mails').indexes()).map(({ name }) => name)).toEqual(['_id_']);
    expect((await db.listCollections().toArray()).map(({ name }) => name)).toEqual(['mails']);
  });

  it('types: Decimal128, JavaScript, symbols, wherever they stand', async () => {
    const values = [BSON.Decimal128.fromString('1.5'), new BSON.Code('x'), new BSON.BSONSymbol('s')];
    for (const value of values) {
      expect(await codeOf(db.collection('mails').insertOne({ nested: [{ value }] }))).toBe(238);
      expect(await codeOf(db.collection('mails').updateOne({}, { $set: { value } }))).toBe(238);
      expect(await codeOf(db.collection('mails').find({ value }).toArray())).toBe(238);
    }
  });

  it('transactions, as a server without replicas does', async () => {
    const session = client.startSession();
    session.startTransaction();
    const attempt = db.collection('mails').insertOne({ a: 2 }, { session });
    await expect(attempt).rejects.toThrow(/replica set|retryable writes/);
    await session.endSession();
    expect(await db.collection('mails').countDocuments()).toBe(1);
  });

  it('credentials in the connection string', async () => {
    const url = store.url.replace('mongodb://', 'mongodb://user:secret@');
    const withUser = new mongoose.mongo.MongoClient(url, { serverSelectionTimeoutMS: 2000 });
    await expect(withUser.connect()).rejects.toMatchObject({ code: 18 });
    await withUser.close();
  });
});

describe('the embedded document store', () => {
  const port = () => Number(new URL(store.url).port);

  /** Opens a connection, writes bytes, and tells how it ended. */
  async function ends(bytes: Buffer): Promise<string> {
    const socket: Socket = createConnection(port(), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    socket.resume();
    const closed = once(socket, 'close').then(() => 'closed');
    socket.write(bytes);
    return closed;
  }

  it('says at its start what it is for', () => {
    expect(lines.join('\n')).toContain('for trying, developing and testing, not for production');
  });

  it('listens on loopback only', async () => {
    const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const outside = others.filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outside) {
      const socket = createConnection(port(), address);
      const outcome = await Promise.race([
        once(socket, 'connect').then(() => 'connected'),
        once(socket, 'error').then(() => 'refused'),
      ]).catch(() => 'refused');
      socket.destroy();
      expect(outcome).toBe('refused');
    }
  });

  it('closes a connection that does not speak its protocol, and serves the others', async () => {
    expect(await ends(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toBe('closed');
    expect(await ends(Buffer.from([255, 255, 255, 127, ...Array.from({ length: 12 }, () => 0)]))).toBe('closed');
    expect(await ends(Buffer.alloc(64))).toBe('closed');
    expect(await db.collection('mails').countDocuments()).toBe(1);
    expect(lines.slice(1).every((line) => line.includes('impossible message length'))).toBe(true);
  });

  it('answers a message with broken BSON by an error, and goes on', async () => {
    const header = Buffer.alloc(16);
    const body = Buffer.from([0, 0, 0, 0, 0, 12, 0, 0, 0, 2, 0x61, 0, 99, 0, 0, 0, 0]);
    header.writeInt32LE(16 + body.length, 0);
    header.writeInt32LE(2013, 12);
    const socket = createConnection(port(), '127.0.0.1');
    socket.write(Buffer.concat([header, body]));
    const [reply] = (await once(socket, 'data')) as [Buffer];
    expect(BSON.deserialize(reply.subarray(21))).toMatchObject({ ok: 0, code: 22 });
    socket.destroy();
    expect(await db.collection('mails').countDocuments()).toBe(1);
  });

  it('gives up a command after its maxTimeMS', async () => {
    const many = db.collection('many');
    await many.insertMany(Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'x'.repeat(500) })));
    expect(await codeOf(many.find({ text: /y/ }).maxTimeMS(1).toArray())).toBe(50);
    await many.drop();
  });

  it('refuses a sort without an index that needs more than 100 megabytes', async () => {
    const wide = db.collection('wide');
    const key = 'k'.repeat(100_000);
    for (let part = 0; part < 12; part++) {
      await wide.insertMany(Array.from({ length: 100 }, (_, n) => ({ key: `${key}${part}-${n}` })));
    }
    expect(await codeOf(wide.find().sort({ key: 1 }).toArray())).toBe(292);
    expect(await codeOf(wide.aggregate([{ $group: { _id: '$key' } }]).toArray())).toBe(292);
    expect(
      await wide
        .find({}, { projection: { _id: 1 } })
        .sort({ key: 1 })
        .limit(3)
        .toArray(),
    ).toHaveLength(3);
    await wide.drop();
  });

  it('keeps no document of an open cursor in memory', async () => {
    const bodies = db.collection('bodies');
    for (let part = 0; part < 30; part++) {
      await bodies.insertMany(Array.from({ length: 10 }, () => ({ body: Buffer.alloc(100_000, part) })));
    }
    global.gc?.();
    const cursors = Array.from({ length: 50 }, () => bodies.find().batchSize(2));
    await Promise.all(cursors.map((cursor) => cursor.next()));
    // Were results kept, these fifty would hold 1.5 GB
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(500_000_000);
    await Promise.all(cursors.map((cursor) => cursor.close()));
    await bodies.drop();
  });

  it('comes back on its port after a restart, and clients go on', async () => {
    const other = await mkdtemp(join(tmpdir(), 'document-store-restart-'));
    let running = await startEmbeddedMongo({ directory: other, log: () => undefined });
    const port = Number(new URL(running.url).port);
    const user = await new mongoose.mongo.MongoClient(running.url).connect();
    await user.db('a').collection('b').insertOne({ n: 1 });
    await running.close();
    running = await startEmbeddedMongo({ directory: other, port, log: () => undefined });
    expect(await user.db('a').collection('b').countDocuments()).toBe(1);
    await user.close();
    await running.close();
    await running.close();
    await rm(other, { recursive: true });
  });
});
