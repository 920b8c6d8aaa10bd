import { describe, expect } from 'vitest';
import { found } from './finding.js';
import { type Collection, type Document, type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf } from './server-failure.js';

const names = async (collection: Collection): Promise<unknown[]> =>
  (await collection.indexes()).map(({ name }) => name as unknown);

/** Making, listing and dropping indexes. What they do to results is tested with filters and sorts. */
export function indexGuarantees(context: DocumentStoreContext): void {
  describe('an index', () => {
    guarantee(context, 'is made once, named after its fields, and listed', async () => {
      const collection = context.collection('indexed');
      expect(await collection.createIndex({ company: 1, receivedAt: -1 })).toBe('company_1_receivedAt_-1');
      expect(await collection.createIndex({ company: 1, receivedAt: -1 })).toBe('company_1_receivedAt_-1');
      await collection.createIndex({ email: 1 }, { unique: true, name: 'by email' });
      const indexes = (await collection.indexes()).sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
      expect(indexes).toMatchObject([
        { key: { _id: 1 }, name: '_id_' },
        { key: { email: 1 }, name: 'by email', unique: true },
        { key: { company: 1, receivedAt: -1 }, name: 'company_1_receivedAt_-1' },
      ]);
    });

    guarantee(context, 'several are made in one call', async () => {
      const collection = context.collection('several');
      await collection.createIndexes([{ key: { a: 1 } }, { key: { b: 1 }, name: 'second' }]);
      expect(await names(collection)).toEqual(['_id_', 'a_1', 'second']);
    });

    guarantee(context, 'over documents that are there finds them', async () => {
      const collection = await context.filled('late', [{ _id: 1, a: 5 }, { _id: 2, a: 6 }, { _id: 3 }]);
      await collection.createIndex({ a: 1 });
      expect(await found(collection, { a: { $gte: 5 } })).toEqual([1, 2]);
    });

    guarantee(context, 'is dropped by name or key; results stay the same', async () => {
      const collection = await context.filled('dropped', [{ _id: 1, a: 5 }]);
      await collection.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }, { key: { c: 1 } }]);
      await collection.dropIndex('a_1');
      await context.db.command({ dropIndexes: collection.collectionName, index: { b: 1 } });
      expect(await names(collection)).toEqual(['_id_', 'c_1']);
      await collection.dropIndexes();
      expect(await names(collection)).toEqual(['_id_']);
      expect(await found(collection, { a: 5 })).toEqual([1]);
    });

    guarantee(context, 'on _id cannot be dropped, one that is not there neither', async () => {
      const collection = await context.filled('kept', [{ _id: 1 }]);
      expect(await codeOf(collection.dropIndex('_id_'))).toBe(72);
      expect(await codeOf(collection.dropIndex('nowhere'))).toBe(27);
    });

    guarantee(
      context,
      'of the same name but another key is refused by 86, of the same key but another name by 85',
      async () => {
        const collection = context.collection('conflict');
        await collection.createIndex({ a: 1 });
        expect(await codeOf(collection.createIndex({ b: 1 }, { name: 'a_1' }))).toBe(86);
        expect(await codeOf(collection.createIndex({ a: 1 }, { unique: true }))).toBe(86);
        expect(await codeOf(collection.createIndex({ a: 1 }, { name: 'other' }))).toBe(85);
      },
      { ferretdb: 'takes an index with other options for the same' },
    );

    guarantee(
      context,
      'hinted at gives the same documents; a hint at none is refused',
      async () => {
        const collection = await context.filled('hinted', [
          { _id: 1, a: 5 },
          { _id: 2, a: 6 },
        ]);
        await collection.createIndex({ a: 1 });
        expect(await collection.find({ a: 5 }).hint('a_1').toArray()).toEqual([{ _id: 1, a: 5 }]);
        expect(await collection.find({ a: 5 }).hint({ a: 1 }).toArray()).toEqual([{ _id: 1, a: 5 }]);
        expect(await codeOf(collection.find({ a: 5 }).hint('nowhere').toArray())).toBe(2);
      },
      { ferretdb: 'ignores hints' },
    );

    guarantee(
      context,
      'over two arrays of one document is refused by 171',
      async () => {
        const collection = await context.filled('parallel', [{ _id: 1, a: [1], b: 2 }]);
        await collection.createIndex({ a: 1, b: 1 });
        await collection.insertOne({ _id: 2, a: 1, b: [2, 3] });
        expect(await codeOf(collection.insertOne({ _id: 3, a: [1, 2], b: [3, 4] }))).toBe(171);
        expect(await found(collection, {})).toEqual([1, 2]);
      },
      { ferretdb: 'takes arrays as one value' },
    );

    guarantee(
      context,
      'over fields of the same objects finds by any of them',
      async () => {
        const collection = await context.filled('parts', [
          {
            _id: 1,
            parts: [
              { type: 'text', size: 1 },
              { type: 'image', size: 9 },
            ],
          },
          { _id: 2, parts: [{ type: 'text', size: 9 }] },
        ]);
        await collection.createIndex({ 'parts.type': 1, 'parts.size': 1 });
        expect(await found(collection, { 'parts.type': 'text', 'parts.size': 9 })).toEqual([1, 2]);
        expect(await found(collection, { parts: { $elemMatch: { type: 'text', size: 9 } } })).toEqual([2]);
      },
      { ferretdb: 'knows $elemMatch only with operators' },
    );

    guarantee(
      context,
      'that is partial never hides documents',
      async () => {
        const documents: Document[] = [
          { _id: 1, a: 5, active: true },
          { _id: 2, a: 5, active: false },
          { _id: 3, a: 7, active: true },
        ];
        const collection = await context.filled('partial', documents);
        await collection.createIndex({ a: 1 }, { partialFilterExpression: { active: true } });
        expect(await found(collection, { a: 5 })).toEqual([1, 2]);
        expect(await found(collection, { a: { $gte: 5 }, active: true })).toEqual([1, 3]);
        await collection.updateOne({ _id: 2 }, { $set: { active: true } });
        await collection.updateOne({ _id: 3 }, { $set: { active: false } });
        expect(await found(collection, { a: { $gte: 5 }, active: true })).toEqual([1, 2]);
      },
      { ferretdb: 'knows no partial indexes' },
    );

    guarantee(
      context,
      'with an expiry is kept as such, and its expiry cannot be changed by making it again',
      async () => {
        const collection = context.collection('ttl');
        await collection.createIndex({ at: 1 }, { expireAfterSeconds: 3600 });
        expect(await collection.indexes()).toMatchObject([
          { name: '_id_' },
          { name: 'at_1', expireAfterSeconds: 3600 },
        ]);
        expect(await codeOf(collection.createIndex({ at: 1 }, { expireAfterSeconds: 60 }))).toBe(85);
        expect(await codeOf(collection.createIndex({ a: 1, at: 1 }, { expireAfterSeconds: 60 }))).toBe(67);
      },
      { ferretdb: 'knows no expiry' },
    );

    guarantee(
      context,
      'with a direction of zero or an unknown option is refused',
      async () => {
        const collection = context.collection('refused');
        const create = (index: object) =>
          context.db.command({ createIndexes: collection.collectionName, indexes: [index] });
        expect(await codeOf(create({ key: { a: 0 }, name: 'zero' }))).toBe(67);
        expect(await codeOf(create({ key: {}, name: 'empty' }))).toBe(67);
        expect(await codeOf(create({ key: { a: 1 }, name: 'odd', odd: 1 }))).toBe(197);
      },
      { ferretdb: 'answers other codes' },
    );

    guarantee(context, 'of a collection that does not exist cannot be listed (26)', async () => {
      expect(await codeOf(context.collection('nowhere').indexes())).toBe(26);
    });
  });
}
