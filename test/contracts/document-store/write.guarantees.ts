import { describe, expect } from 'vitest';
import { ObjectId } from './bson-values.js';
import { found } from './finding.js';
import { type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf, failureOf } from './server-failure.js';

const MEGABYTE = 1024 * 1024;

/** Inserting and deleting. */
export function writeGuarantees(context: DocumentStoreContext): void {
  describe('insert', () => {
    guarantee(context, 'gives an ObjectId to a document without one, and stores `_id` first', async () => {
      const collection = context.collection('ids');
      await context.db.command({ insert: collection.collectionName, documents: [{ a: 1 }, { b: 2, _id: 'own' }] });
      const [first, second] = await collection.find().toArray();
      expect(first?._id).toBeInstanceOf(ObjectId);
      expect(Object.keys(first ?? {})).toEqual(['_id', 'a']);
      expect(Object.keys(second ?? {})).toEqual(['_id', 'b']);
    });

    guarantee(context, 'of many stores all, in the order given', async () => {
      const mails = Array.from({ length: 250 }, (_, index) => ({ _id: index, subject: `mail ${index}` }));
      const collection = await context.filled('mails', mails);
      expect(await collection.find().toArray()).toEqual(mails);
    });

    guarantee(context, 'of many, ordered, stops at the first that fails; those before it stay', async () => {
      const collection = context.collection('ordered');
      const failure = await failureOf(collection.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 2 }, { _id: 3 }]));
      expect(failure).toMatchObject({ code: 11000, insertedCount: 2 });
      expect(await found(collection, {})).toEqual([1, 2]);
    });

    guarantee(context, 'of many, unordered, goes on behind those that fail', async () => {
      const collection = context.collection('unordered');
      const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }, { _id: 2 }, { _id: 3 }];
      const failure = await failureOf(collection.insertMany(documents, { ordered: false }));
      expect(failure).toMatchObject({ code: 11000, insertedCount: 3 });
      expect(failure['writeErrors']).toMatchObject([{ index: 1 }, { index: 3 }]);
      expect(await found(collection, {})).toEqual([1, 2, 3]);
    });

    guarantee(context, 'refuses an `_id` that is an array', async () => {
      expect(await codeOf(context.collection('bad').insertOne({ _id: [1] }))).toBe(53);
    });

    guarantee(
      context,
      'refuses a document beyond 16 MiB',
      async () => {
        const collection = context.collection('large');
        expect(await codeOf(collection.insertOne({ _id: 1, body: Buffer.alloc(16 * MEGABYTE) }))).toBe(10334);
        expect(await collection.countDocuments()).toBe(0);
      },
      { ferretdb: 'takes it' },
    );

    guarantee(context, 'of a batch beyond one message is split by the driver and stored whole', async () => {
      const bodies = Array.from({ length: 60 }, (_, index) => ({ _id: index, body: Buffer.alloc(MEGABYTE, index) }));
      const collection = await context.filled('batch', bodies);
      expect(await collection.countDocuments({})).toBe(60);
      const last = await collection.findOne({ _id: 59 }, { promoteBuffers: true });
      expect(last?.['body']).toEqual(Buffer.alloc(MEGABYTE, 59));
    });
  });

  describe('delete', () => {
    const mails = [1, 2, 3, 4].map((_id) => ({ _id, odd: _id % 2 === 1 }));

    guarantee(context, 'one deletes one, and says when there was none', async () => {
      const collection = await context.filled('delete', mails);
      expect(await collection.deleteOne({ odd: true })).toMatchObject({ deletedCount: 1 });
      expect(await found(collection, { odd: true })).toHaveLength(1);
      expect(await collection.deleteOne({ _id: 99 })).toMatchObject({ deletedCount: 0 });
    });

    guarantee(context, 'many deletes what matches and nothing else', async () => {
      const collection = await context.filled('delete', mails);
      expect(await collection.deleteMany({ odd: true })).toMatchObject({ deletedCount: 2 });
      expect(await found(collection, {})).toEqual([2, 4]);
      expect(await collection.deleteMany({})).toMatchObject({ deletedCount: 2 });
      expect(await collection.countDocuments()).toBe(0);
    });

    guarantee(
      context,
      'in a collection that does not exist deletes nothing and makes none',
      async () => {
        const collection = context.collection('nowhere');
        expect(await collection.deleteMany({})).toMatchObject({ deletedCount: 0 });
        expect(await collection.updateMany({}, { $set: { a: 1 } })).toMatchObject({ matchedCount: 0 });
        const names = await context.db.listCollections({}, { nameOnly: true }).toArray();
        expect(names.map(({ name }) => name)).not.toContain(collection.collectionName);
      },
      { ferretdb: 'makes the collection' },
    );
  });
}
