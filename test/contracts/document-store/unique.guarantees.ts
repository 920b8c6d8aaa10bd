import { describe, expect } from 'vitest';
import { Double, Long } from './bson-values.js';
import { type Collection, type Document, type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf, failureOf } from './server-failure.js';

/** Every way in which a write can meet the same key. */
const WRITES: readonly (readonly [name: string, write: (collection: Collection) => Promise<unknown>])[] = [
  ['insertOne', (collection) => collection.insertOne({ _id: 3, company: 'c', user: 'aiko' })],
  ['insertMany', (collection) => collection.insertMany([{ _id: 3, company: 'c', user: 'aiko' }])],
  ['updateOne', (collection) => collection.updateOne({ _id: 2 }, { $set: { user: 'aiko' } })],
  ['updateMany', (collection) => collection.updateMany({ _id: 2 }, { $set: { user: 'aiko' } })],
  ['replaceOne', (collection) => collection.replaceOne({ _id: 2 }, { company: 'c', user: 'aiko' })],
  [
    'upsert',
    (collection) => collection.updateOne({ _id: 9 }, { $set: { company: 'c', user: 'aiko' } }, { upsert: true }),
  ],
  ['findOneAndUpdate', (collection) => collection.findOneAndUpdate({ _id: 2 }, { $set: { user: 'aiko' } })],
  ['findOneAndReplace', (collection) => collection.findOneAndReplace({ _id: 2 }, { company: 'c', user: 'aiko' })],
];

const NO_DETAILS = { ferretdb: 'names neither keyPattern nor keyValue' };

/** Unique indexes. */
export function uniqueGuarantees(context: DocumentStoreContext): void {
  describe('a unique index', () => {
    const documents = [
      { _id: 1, company: 'c', user: 'aiko' },
      { _id: 2, company: 'c', user: 'ben' },
    ];

    for (const [name, write] of WRITES) {
      const deviations = /^(?:update|replace|find)/.test(name) ? { ferretdb: 'answers 1' } : {};
      guarantee(
        context,
        `refuses a second document with its key, by ${name}, and changes nothing`,
        async () => {
          const collection = await context.filled('unique', documents);
          await collection.createIndex({ company: 1, user: 1 }, { unique: true });
          expect(await codeOf(write(collection))).toBe(11000);
          expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual(documents);
        },
        deviations,
      );
    }

    const EXPLAINED = WRITES.filter(([name]) => name !== 'insertMany'); // in bulk errors the driver keeps only the text
    for (const [name, write] of EXPLAINED) {
      guarantee(
        context,
        `tells which key it was, by ${name}`,
        async () => {
          const collection = await context.filled('unique', documents);
          await collection.createIndex({ company: 1, user: 1 }, { unique: true });
          const failure = await failureOf(write(collection));
          expect(failure).toMatchObject({
            keyPattern: { company: 1, user: 1 },
            keyValue: { company: 'c', user: 'aiko' },
          });
          expect(failure.message).toContain('E11000 duplicate key error');
          expect(failure.message).toContain('company_1_user_1');
        },
        NO_DETAILS,
      );
    }

    guarantee(context, 'on _id is always there', async () => {
      const collection = await context.filled('ids', [{ _id: 'a' }]);
      expect(await codeOf(collection.insertOne({ _id: 'a' }))).toBe(11000);
    });

    guarantee(context, 'counts equal numbers of different types as one key', async () => {
      const collection = await context.filled('numbers', [{ _id: 1 }]);
      for (const _id of [1, new Double(1), Long.fromNumber(1)]) {
        expect(await codeOf(collection.insertOne({ _id }))).toBe(11000);
      }
    });

    guarantee(
      context,
      'counts missing and null as one key',
      async () => {
        const collection = context.collection('missing');
        await collection.createIndex({ email: 1 }, { unique: true });
        await collection.insertOne({ _id: 1 });
        expect(await codeOf(collection.insertOne({ _id: 2 }))).toBe(11000);
        expect(await codeOf(collection.insertOne({ _id: 3, email: null }))).toBe(11000);
      },
      { ferretdb: 'counts missing and null as different' },
    );

    guarantee(
      context,
      'holds for every item of an array, but not within one document',
      async () => {
        const collection = context.collection('items');
        await collection.createIndex({ tags: 1 }, { unique: true });
        await collection.insertOne({ _id: 1, tags: ['a', 'b', 'a'] });
        expect(await codeOf(collection.insertOne({ _id: 2, tags: ['c', 'b'] }))).toBe(11000);
        await collection.insertOne({ _id: 3, tags: ['c', 'd'] });
        expect(await codeOf(collection.updateOne({ _id: 3 }, { $push: { tags: 'a' } } as Document))).toBe(11000);
      },
      { ferretdb: 'treats arrays as one value' },
    );

    guarantee(context, 'that is sparse leaves out documents without its field', async () => {
      const collection = context.collection('sparse');
      await collection.createIndex({ email: 1 }, { unique: true, sparse: true });
      await collection.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3, email: null }, { _id: 4, email: 'a' }]);
      expect(await codeOf(collection.insertOne({ _id: 5, email: 'a' }))).toBe(11000);
      expect(await codeOf(collection.insertOne({ _id: 6, email: null }))).toBe(11000);
    });

    guarantee(
      context,
      'that is partial holds only where its filter does',
      async () => {
        const collection = context.collection('partial');
        await collection.createIndex({ user: 1 }, { unique: true, partialFilterExpression: { active: true } });
        await collection.insertMany([
          { _id: 1, user: 'a', active: true },
          { _id: 2, user: 'a', active: false },
        ]);
        expect(await codeOf(collection.insertOne({ _id: 3, user: 'a', active: true }))).toBe(11000);
        expect(await codeOf(collection.updateOne({ _id: 2 }, { $set: { active: true } }))).toBe(11000);
        await collection.deleteOne({ _id: 1 });
        await collection.updateOne({ _id: 2 }, { $set: { active: true } });
      },
      { ferretdb: 'knows no partial indexes' },
    );

    guarantee(
      context,
      'cannot be made over documents that break it, and is not there then',
      async () => {
        const collection = await context.filled('broken', [
          { _id: 1, a: 1 },
          { _id: 2, a: 1 },
        ]);
        expect(await codeOf(collection.createIndex({ a: 1 }, { unique: true }))).toBe(11000);
        expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_']);
        await collection.insertOne({ _id: 3, a: 1 });
      },
      { ferretdb: 'answers 1' },
    );

    guarantee(context, 'lets a key go when its document goes', async () => {
      const collection = await context.filled('free', [{ _id: 1, a: 1 }]);
      await collection.createIndex({ a: 1 }, { unique: true });
      await collection.deleteOne({ _id: 1 });
      await collection.insertOne({ _id: 2, a: 1 });
      await collection.updateOne({ _id: 2 }, { $set: { a: 2 } });
      await collection.insertOne({ _id: 3, a: 1 });
    });
  });
}
