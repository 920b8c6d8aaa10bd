import type mongoose from 'mongoose';
import { describe, expect } from 'vitest';
import { type DocumentStoreContext, guarantee, type Item } from './running-document-store.js';
import { failureOf } from './server-failure.js';

type Operation = mongoose.mongo.AnyBulkWriteOperation<Item>;

const MIXED: Operation[] = [
  { insertOne: { document: { _id: 1, n: 1 } } },
  { insertOne: { document: { _id: 2, n: 2 } } },
  { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 10 } } } },
  { updateMany: { filter: {}, update: { $set: { seen: true } } } },
  { replaceOne: { filter: { _id: 2 }, replacement: { n: 20 } } },
  { updateOne: { filter: { _id: 3 }, update: { $set: { n: 3 } }, upsert: true } },
  { deleteOne: { filter: { _id: 1 } } },
];

/** Many writes in one call. */
export function bulkWriteGuarantees(context: DocumentStoreContext): void {
  describe('bulkWrite', () => {
    guarantee(
      context,
      'ordered does each in turn and counts what it did',
      async () => {
        const collection = context.collection('bulk');
        const outcome = await collection.bulkWrite(MIXED);
        expect(outcome).toMatchObject({
          insertedCount: 2,
          matchedCount: 4,
          modifiedCount: 4,
          upsertedCount: 1,
          deletedCount: 1,
          upsertedIds: { 5: 3 },
        });
        expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual([
          { _id: 2, n: 20 },
          { _id: 3, n: 3 },
        ]);
      },
      { ferretdb: 'counts upserts otherwise' },
    );

    const withDuplicate: Operation[] = [
      { insertOne: { document: { _id: 1 } } },
      { insertOne: { document: { _id: 1 } } },
      { insertOne: { document: { _id: 2 } } },
      { updateOne: { filter: { _id: 1 }, update: { $set: { a: 1 } } } },
    ];

    guarantee(context, 'ordered stops at the first that fails', async () => {
      const collection = context.collection('bulk');
      const failure = await failureOf(collection.bulkWrite(withDuplicate));
      expect(failure).toMatchObject({ code: 11000, insertedCount: 1 });
      expect(await collection.find().toArray()).toEqual([{ _id: 1 }]);
    });

    guarantee(context, 'unordered does all that can be done', async () => {
      const collection = context.collection('bulk');
      const failure = await failureOf(collection.bulkWrite(withDuplicate, { ordered: false }));
      expect(failure).toMatchObject({ code: 11000, insertedCount: 2, modifiedCount: 1 });
      expect(failure['writeErrors']).toHaveLength(1);
      expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 1, a: 1 }, { _id: 2 }]);
    });

    guarantee(context, 'of upserts, repeated, changes nothing the second time', async () => {
      const collection = context.collection('projection');
      await collection.createIndex({ mailbox: 1, receivedAt: -1 });
      const upserts = Array.from({ length: 100 }, (_, index): Operation => ({
        updateOne: {
          filter: { _id: `mail-${index}` },
          update: { $setOnInsert: { mailbox: 'm', receivedAt: new Date(index) } },
          upsert: true,
        },
      }));
      expect(await collection.bulkWrite(upserts, { ordered: false })).toMatchObject({
        upsertedCount: 100,
        matchedCount: 0,
      });
      expect(await collection.bulkWrite(upserts, { ordered: false })).toMatchObject({
        upsertedCount: 0,
        modifiedCount: 0,
      });
      expect(await collection.countDocuments({ mailbox: 'm' })).toBe(100);
    });

    guarantee(
      context,
      'of updates names every one that failed',
      async () => {
        const collection = await context.filled('bulk', [
          { _id: 1, n: 'text' },
          { _id: 2, n: 1 },
        ]);
        const raise = (_id: number): Operation => ({ updateOne: { filter: { _id }, update: { $inc: { n: 1 } } } });
        const failure = await failureOf(collection.bulkWrite([raise(1), raise(2), raise(1)], { ordered: false }));
        expect(failure['writeErrors']).toMatchObject([
          { index: 0, code: 14 },
          { index: 2, code: 14 },
        ]);
        expect(await collection.findOne({ _id: 2 })).toEqual({ _id: 2, n: 2 });
      },
      { ferretdb: 'stops at the first' },
    );
  });
}
