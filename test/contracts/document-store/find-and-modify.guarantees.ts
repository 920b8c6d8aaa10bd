import mongoose from 'mongoose';
import { describe, expect } from 'vitest';
import { type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf } from './server-failure.js';

/** One document found and changed as one step: leases, counters, queues. */
export function findAndModifyGuarantees(context: DocumentStoreContext): void {
  describe('findOneAndUpdate', () => {
    guarantee(context, 'gives the document as it was, or as it is then', async () => {
      const collection = await context.filled('modified', [{ _id: 1, n: 1 }]);
      expect(await collection.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } })).toEqual({ _id: 1, n: 1 });
      const after = await collection.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { returnDocument: 'after' });
      expect(after).toEqual({ _id: 1, n: 3 });
    });

    guarantee(
      context,
      'takes the first by a sort, and shows what the projection asks for',
      async () => {
        const collection = await context.filled(
          'queue',
          [3, 1, 2].map((due) => ({ _id: due, due, secret: 'x' })),
        );
        const options = { sort: { due: 1 }, projection: { secret: 0 } } as const;
        expect(await collection.findOneAndUpdate({}, { $set: { taken: true } }, options)).toEqual({ _id: 1, due: 1 });
        expect(await collection.findOneAndUpdate({ taken: null }, { $set: { taken: true } }, options)).toEqual({
          _id: 2,
          due: 2,
        });
      },
      { ferretdb: 'knows no projection there' },
    );

    guarantee(context, 'gives null when nothing matches', async () => {
      const collection = await context.filled('nothing', [{ _id: 1 }]);
      expect(await collection.findOneAndUpdate({ _id: 2 }, { $set: { a: 1 } })).toBeNull();
      expect(await context.collection('nowhere').findOneAndDelete({})).toBeNull();
    });

    guarantee(context, 'by an upsert inserts, and tells that it did', async () => {
      const collection = context.collection('upserted');
      const options = { upsert: true, returnDocument: 'after', includeResultMetadata: true } as const;
      const fresh = await collection.findOneAndUpdate(
        { _id: 'k' },
        { $inc: { n: 1 }, $setOnInsert: { first: true } },
        options,
      );
      expect(fresh).toMatchObject({
        value: { _id: 'k', n: 1, first: true },
        lastErrorObject: { n: 1, updatedExisting: false, upserted: 'k' },
      });
      const again = await collection.findOneAndUpdate({ _id: 'k' }, { $inc: { n: 1 } }, options);
      expect(again).toMatchObject({ value: { n: 2 }, lastErrorObject: { n: 1, updatedExisting: true } });
    });

    guarantee(context, 'without the upsert’s own answer gives null for what was not there before', async () => {
      const collection = context.collection('before');
      expect(await collection.findOneAndUpdate({ _id: 1 }, { $set: { a: 1 } }, { upsert: true })).toBeNull();
      expect(await collection.findOne()).toEqual({ _id: 1, a: 1 });
    });

    guarantee(context, 'replaces and deletes', async () => {
      const collection = await context.filled('replaced', [
        { _id: 1, a: 1 },
        { _id: 2, a: 2 },
      ]);
      const replaced = await collection.findOneAndReplace({ _id: 1 }, { b: 1 }, { returnDocument: 'after' });
      expect(replaced).toEqual({ _id: 1, b: 1 });
      expect(await collection.findOneAndDelete({}, { sort: { _id: -1 } })).toEqual({ _id: 2, a: 2 });
      expect(await collection.countDocuments()).toBe(1);
    });

    guarantee(
      context,
      'updates the array item that matched',
      async () => {
        const collection = await context.filled('items', [{ _id: 1, list: [{ n: 1 }, { n: 2 }] }]);
        const options = { returnDocument: 'after' } as const;
        const after = await collection.findOneAndUpdate({ 'list.n': 2 }, { $set: { 'list.$.ok': true } }, options);
        expect(after?.['list']).toEqual([{ n: 1 }, { n: 2, ok: true }]);
      },
      { ferretdb: 'knows no positional operators' },
    );

    guarantee(context, 'refuses what contradicts itself', async () => {
      const { collectionName } = context.collection('bad');
      const attempt = (options: object) => context.db.command({ findAndModify: collectionName, query: {}, ...options });
      expect(await codeOf(attempt({ remove: true, update: { $set: { a: 1 } } }))).toBe(9);
      expect(await codeOf(attempt({ remove: true, new: true }))).toBe(9);
      expect(await codeOf(attempt({}))).toBe(9);
    });
  });

  describe('a lease', () => {
    /** Fifty takers, each with a connection of its own. */
    const withTakers = async (run: (takers: mongoose.mongo.MongoClient[]) => Promise<void>) => {
      const takers = Array.from({ length: 50 }, () => new mongoose.mongo.MongoClient(context.url, { maxPoolSize: 1 }));
      try {
        await Promise.all(takers.map((taker) => taker.connect()));
        await run(takers);
      } finally {
        await Promise.all(takers.map((taker) => taker.close()));
      }
    };

    guarantee(context, 'that fifty want at once goes to one, with a fencing number that grows', async () => {
      const collection = await context.filled('leases', [{ _id: 'mailbox', until: new Date(0), fence: 0 }]);
      await withTakers(async (takers) => {
        for (let round = 1; round <= 5; round++) {
          const now = new Date(round * 1000);
          const take = (taker: mongoose.mongo.MongoClient, number: number) =>
            taker
              .db(context.db.databaseName)
              .collection<{ _id: string }>(collection.collectionName)
              .findOneAndUpdate(
                { _id: 'mailbox', until: { $lte: now } },
                { $set: { until: new Date(now.getTime() + 500), holder: number }, $inc: { fence: 1 } },
                { returnDocument: 'after' },
              );
          const taken = (await Promise.all(takers.map(take))).filter((lease) => lease !== null);
          expect(taken).toHaveLength(1);
          expect(taken[0]).toMatchObject({ fence: round });
        }
      });
    });

    guarantee(context, 'fifty takers of a queue of fifty get one each', async () => {
      const jobs = Array.from({ length: 50 }, (_, index) => ({ _id: index, dueAt: new Date(index), until: null }));
      const collection = await context.filled('jobs', jobs);
      await collection.createIndex({ dueAt: 1 });
      const now = new Date(1000);
      await withTakers(async (takers) => {
        const taken = await Promise.all(
          takers.map((taker) =>
            taker
              .db(context.db.databaseName)
              .collection(collection.collectionName)
              .findOneAndUpdate(
                { dueAt: { $lte: now }, $or: [{ until: null }, { until: { $lte: now } }] },
                { $set: { until: new Date(2000) } },
                { sort: { dueAt: 1 } },
              ),
          ),
        );
        expect(new Set(taken.map((job) => job?._id as unknown)).size).toBe(50);
      });
      expect(await collection.countDocuments({ until: null })).toBe(0);
    });

    guarantee(context, 'a counter that fifty raise together loses none', async () => {
      const collection = await context.filled('counters', [{ _id: 'n', n: 0 }]);
      await withTakers(async (takers) => {
        const raise = async (taker: mongoose.mongo.MongoClient) => {
          const counters = taker
            .db(context.db.databaseName)
            .collection<{ _id: string; n: number }>(collection.collectionName);
          for (let time = 0; time < 10; time++) await counters.updateOne({ _id: 'n' }, { $inc: { n: 1 } });
        };
        await Promise.all(takers.map(raise));
      });
      expect(await collection.findOne()).toEqual({ _id: 'n', n: 500 });
    });
  });
}
