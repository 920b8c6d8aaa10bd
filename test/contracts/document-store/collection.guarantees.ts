import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { type DocumentStoreContext, guarantee, type Item } from './running-document-store.js';
import { codeOf } from './server-failure.js';

/** Collections and databases, and what a client asks a server about itself. */
export function collectionGuarantees(context: DocumentStoreContext): void {
  const listed = async (): Promise<unknown[]> =>
    (await context.db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name as unknown);

  describe('a collection', () => {
    guarantee(context, 'is made by the first write, or on purpose but once', async () => {
      const { collectionName } = await context.filled('made', [{ _id: 1 }]);
      const name = `made_${randomUUID()}`;
      await context.db.createCollection(name);
      expect(await codeOf(context.db.command({ create: name }))).toBe(48);
      expect(await listed()).toEqual(expect.arrayContaining([collectionName, name]));
    });

    guarantee(context, 'is listed by a filter, with its type', async () => {
      const { collectionName } = await context.filled('listed', [{ _id: 1 }]);
      const found = await context.db.listCollections({ name: collectionName }).toArray();
      expect(found).toMatchObject([{ name: collectionName, type: 'collection' }]);
    });

    guarantee(context, 'that is dropped is gone with its documents and indexes', async () => {
      const collection = await context.filled('dropped', [{ _id: 1 }]);
      await collection.createIndex({ a: 1 }, { unique: true });
      await collection.drop();
      expect(await listed()).not.toContain(collection.collectionName);
      expect(await collection.countDocuments()).toBe(0);
      await collection.insertMany([
        { _id: 1, a: 1 },
        { _id: 2, a: 1 },
      ]);
      expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_']);
    });

    guarantee(
      context,
      'that is dropped while a cursor is open ends that cursor with an error',
      async () => {
        const collection = await context.filled(
          'open',
          Array.from({ length: 300 }, (_, _id) => ({ _id })),
        );
        const cursor = collection.find().batchSize(10);
        await cursor.next();
        await collection.drop();
        expect(await codeOf(cursor.toArray())).toBe(175);
      },
      { ferretdb: 'answers otherwise' },
    );

    guarantee(context, 'is renamed with its documents and indexes', async () => {
      const collection = await context.filled('old', [{ _id: 1, a: 1 }]);
      await collection.createIndex({ a: 1 }, { unique: true });
      await collection.rename(`${collection.collectionName}_new`);
      const renamed = context.db.collection<Item>(`${collection.collectionName}_new`);
      expect(await renamed.find().toArray()).toEqual([{ _id: 1, a: 1 }]);
      expect((await renamed.indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1']);
      expect(await codeOf(renamed.insertOne({ _id: 2, a: 1 }))).toBe(11000);
      expect(await collection.countDocuments()).toBe(0);
    });

    guarantee(
      context,
      'takes the place of another at once, if told so',
      async () => {
        const current = await context.filled('view', [{ _id: 1, version: 'old' }]);
        const rebuilt = await context.filled('rebuilt', [
          { _id: 1, version: 'new' },
          { _id: 2, version: 'new' },
        ]);
        await rebuilt.createIndex({ version: 1 });
        expect(await codeOf(rebuilt.rename(current.collectionName))).toBe(48);
        await rebuilt.rename(current.collectionName, { dropTarget: true });
        expect(await current.find({ version: 'new' }).sort({ _id: 1 }).toArray()).toHaveLength(2);
        expect((await current.indexes()).map(({ name }) => name)).toEqual(['_id_', 'version_1']);
        expect(await listed()).not.toContain(rebuilt.collectionName);
      },
      { ferretdb: 'knows no dropTarget' },
    );

    guarantee(context, 'that does not exist cannot be renamed', async () => {
      expect(await codeOf(context.collection('nowhere').rename('somewhere'))).toBe(26);
    });

    guarantee(
      context,
      'has a name without $, not empty, not of the system',
      async () => {
        for (const name of ['a$b', '', 'system.x']) {
          expect(await codeOf(context.db.command({ insert: name, documents: [{ a: 1 }] }))).toBe(73);
        }
      },
      { ferretdb: 'allows some of them' },
    );

    guarantee(context, 'of one database is not that of another', async () => {
      const collection = await context.filled('same', [{ _id: 1 }]);
      const other = context.client.db(`${context.db.databaseName}_b`);
      expect(await other.collection(collection.collectionName).countDocuments()).toBe(0);
      await other.collection(collection.collectionName).insertOne({ a: 1 });
      expect(await collection.countDocuments()).toBe(1);
      expect((await context.client.db('admin').admin().listDatabases()).databases.map(({ name }) => name)).toEqual(
        expect.arrayContaining([context.db.databaseName, other.databaseName]),
      );
      await other.dropDatabase();
      expect(await other.listCollections().toArray()).toEqual([]);
      expect(await collection.countDocuments()).toBe(1);
    });
  });

  describe('the server', () => {
    const ask = (command: object) => context.client.db('admin').command(command);

    guarantee(context, 'answers hello, ping, buildInfo, connectionStatus', async () => {
      expect(await ask({ hello: 1 })).toMatchObject({ isWritablePrimary: true, maxBsonObjectSize: 16777216, ok: 1 });
      expect(await ask({ ping: 1 })).toMatchObject({ ok: 1 });
      expect((await ask({ buildInfo: 1 }))['version']).toMatch(/^\d+\.\d+\.\d+$/);
      expect(await ask({ connectionStatus: 1 })).toMatchObject({ authInfo: { authenticatedUsers: [] } });
    });

    guarantee(context, 'refuses a command it does not know, by 59', async () => {
      expect(await codeOf(ask({ nonsense: 1 }))).toBe(59);
    });

    guarantee(context, 'counts documents and indexes in collStats and dbStats', async () => {
      const collection = await context.filled('counted', [{ a: 1 }, { a: 2 }]);
      await collection.createIndex({ a: 1 });
      const stats = await context.db.command({ collStats: collection.collectionName });
      expect(stats).toMatchObject({ count: 2, nindexes: 2 });
      expect(await context.db.stats()).toMatchObject({ db: context.db.databaseName, ok: 1 });
    });
  });
}
