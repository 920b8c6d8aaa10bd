import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DamagedStoreError, DirectoryInUseError, startEmbeddedMongo } from '@libs/embedded-mongo';
import mongoose from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCompiledStore } from './compiled-store.js';
import type { Db } from './running-document-store.js';

const log = () => undefined;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'document-store-directory-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function withClient<Result>(url: string, work: (db: Db) => Promise<Result>): Promise<Result> {
  const client = await new mongoose.mongo.MongoClient(url).connect();
  try {
    return await work(client.db('test'));
  } finally {
    await client.close();
  }
}

/** Runs something against a store on the directory, and closes it. */
async function withStore<Result>(work: (db: Db) => Promise<Result>): Promise<Result> {
  const store = await startEmbeddedMongo({ directory, log });
  try {
    return await withClient(store.url, work);
  } finally {
    await store.close();
  }
}

const insert = (db: Db, n: number) => db.collection('mails').insertOne({ n });
const numbers = async (db: Db) => (await db.collection('mails').find().toArray()).map(({ n }) => n as number);

describe('the data directory of the embedded document store', () => {
  it('keeps documents, indexes and what they know of arrays from one run to the next', async () => {
    await withStore(async (db) => {
      const mails = db.collection('mails');
      await mails.createIndexes([
        { key: { tags: 1 } },
        { key: { n: 1 }, unique: true },
        { key: { at: 1 }, expireAfterSeconds: 3600, partialFilterExpression: { done: true } },
      ]);
      await mails.insertMany([
        { n: 1, tags: ['a', 'b'] },
        { n: 2, tags: 'c' },
      ]);
    });
    await withStore(async (db) => {
      const mails = db.collection('mails');
      expect(await mails.indexes()).toMatchObject([
        { name: '_id_' },
        { name: 'tags_1' },
        { name: 'n_1', unique: true },
        { name: 'at_1', expireAfterSeconds: 3600, partialFilterExpression: { done: true } },
      ]);
      expect(await mails.find({ tags: { $gte: 'a', $lte: 'b' } }).toArray()).toHaveLength(1);
      await expect(mails.insertOne({ n: 2 })).rejects.toMatchObject({ code: 11000 });
      expect(await numbers(db)).toEqual([1, 2]);
    });
  });

  it('has one owner: a second start in the same process is refused, and the first goes on', async () => {
    await withStore(async (db) => {
      const failure = await startEmbeddedMongo({ directory, log }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(DirectoryInUseError);
      expect(failure).toMatchObject({ code: 'DOCUMENT_STORE_IN_USE', directory, owner: { pid: process.pid } });
      await insert(db, 1);
      await expect(startEmbeddedMongo({ directory, log })).rejects.toBeInstanceOf(DirectoryInUseError);
    });
    await withStore(async (db) => expect(await numbers(db)).toEqual([1]));
  });

  it('has one owner: a start beside another process is refused with its pid and since when', async () => {
    const other = await startCompiledStore(directory);
    try {
      const failure = await startEmbeddedMongo({ directory, log }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(DirectoryInUseError);
      const { message, owner } = failure as DirectoryInUseError;
      expect(message).toContain(`process ${other.pid} on ${hostname()} since ${owner?.since}`);
      await withClient(other.url, (db) => insert(db, 1));
    } finally {
      await other.kill();
    }
  });

  it('of a killed process is taken over at once', async () => {
    const killed = await startCompiledStore(directory);
    await withClient(killed.url, (db) => insert(db, 7));
    await killed.kill();
    expect(JSON.parse(readFileSync(join(directory, 'owner.json'), 'utf8'))).toMatchObject({ pid: killed.pid });
    await withStore(async (db) => expect(await numbers(db)).toEqual([7]));
  });

  it('is free again after closing, and after a start that failed', async () => {
    writeFileSync(join(directory, 'documents.sqlite'), 'not a database');
    await expect(startEmbeddedMongo({ directory, log })).rejects.toBeInstanceOf(DamagedStoreError);
    rmSync(join(directory, 'documents.sqlite'));
    await withStore((db) => insert(db, 1));
    expect(existsSync(join(directory, 'owner.json'))).toBe(false);
    const stopped = await startCompiledStore(directory);
    await stopped.close();
    await withStore(async (db) => expect(await numbers(db)).toEqual([1]));
  });

  it('half made by a start that was killed is made anew', async () => {
    writeFileSync(join(directory, 'documents.sqlite.new'), 'half of a file');
    await withStore((db) => insert(db, 1));
    await withStore(async (db) => expect(await numbers(db)).toEqual([1]));
  });
});

describe('a damaged document file', () => {
  const file = () => join(directory, 'documents.sqlite');

  /** Damages that must be noticed at the start. Each gets a file with some documents, cleanly closed. */
  const damages: [string, () => void][] = [
    ['that is no database', () => writeFileSync(file(), 'x'.repeat(8192))],
    ['that is empty', () => truncateSync(file(), 0)],
    ['that has been cut off', () => truncateSync(file(), readFileSync(file()).byteLength - 8192)],
    ['with a page overwritten', () => writeFileSync(file(), withPageOverwritten(readFileSync(file())))],
    ['that belongs to another program', () => replaceByOther('PRAGMA application_id = 7; CREATE TABLE t (a)')],
    ['of a format to come', () => changeFile('PRAGMA user_version = 99')],
    ['with an index that cannot be read', () => changeFile("UPDATE indexes SET spec = x'ffffff'")],
    ['with a table missing', () => changeFile('DROP TABLE documents_1')],
    ['that is gone while its log is there', () => leaveOnlyTheLog()],
  ];

  it.each(damages)('%s is named at the start, and left as it is', async (_name, damage) => {
    await withStore(async (db) => {
      await db.collection('mails').createIndex({ n: 1 });
      await db.collection('mails').insertMany(Array.from({ length: 500 }, (_, n) => ({ n, text: 'x'.repeat(200) })));
    });
    damage();
    const before = fingerprint();
    const failure = await startEmbeddedMongo({ directory, log }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DamagedStoreError);
    expect(failure).toMatchObject({ code: 'DOCUMENT_STORE_DAMAGED', file: file() });
    expect((failure as Error).message).toContain(file());
    expect(fingerprint()).toEqual(before);
  });

  /** What holds data: the file and its log. (Looking at a file makes SQLite put an empty log beside it.) */
  function fingerprint(): string[] {
    const contents = ['documents.sqlite', 'documents.sqlite-wal'].map((name) =>
      existsSync(join(directory, name)) ? readFileSync(join(directory, name)) : Buffer.alloc(0),
    );
    return contents.map((content) => createHash('sha256').update(content).digest('hex'));
  }

  function withPageOverwritten(content: Buffer): Buffer {
    return content.fill(0xa5, 8192 * 4, 8192 * 5);
  }

  function changeFile(sql: string): void {
    const database = new DatabaseSync(file());
    database.exec(`PRAGMA journal_mode = WAL; ${sql}`);
    database.close();
  }

  function replaceByOther(sql: string): void {
    rmSync(file());
    changeFile(sql);
  }

  function leaveOnlyTheLog(): void {
    rmSync(file());
    writeFileSync(`${file()}-wal`, 'a log');
  }
});
