import type mongoose from 'mongoose';
import { describe, expect } from 'vitest';
import { Double, Int32, Long } from './bson-values.js';
import { contentOf } from './finding.js';
import { type Deviations, type Document, type DocumentStoreContext, guarantee } from './running-document-store.js';

type Case = readonly [before: Document, update: Document, after: Document, deviations?: Deviations];

const BIG = Long.fromBigInt(9007199254740993n);

const CASES: readonly Case[] = [
  [{ a: 1 }, { $set: { a: 2 } }, { a: 2 }],
  [{ a: 1 }, { $set: { b: 2 } }, { a: 1, b: 2 }],
  [{ a: { b: 1 } }, { $set: { 'a.c': 2 } }, { a: { b: 1, c: 2 } }],
  [{}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
  [{ a: [1, 2, 3] }, { $set: { 'a.1': 9 } }, { a: [1, 9, 3] }],
  [{ a: [1] }, { $set: { 'a.3': 9 } }, { a: [1, null, null, 9] }],
  [{ a: [{ b: 1 }] }, { $set: { 'a.0.c': 2 } }, { a: [{ b: 1, c: 2 }] }],
  [{}, { $set: { 'a.0': 1 } }, { a: { 0: 1 } }],
  [{ a: 1 }, { $set: { a: { $gt: 1 } as never } }, { a: { $gt: 1 } }, { ferretdb: 'refuses $ in field names' }],
  [{ a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
  [{ a: { b: 1, c: 2 } }, { $unset: { 'a.b': '' } }, { a: { c: 2 } }],
  [{ a: [1, 2, 3] }, { $unset: { 'a.1': '' } }, { a: [1, null, 3] }, { ferretdb: 'removes the item' }],
  [{ a: 1 }, { $unset: { 'a.b': '', 'x.y': '' } }, { a: 1 }],
  [{ n: 1 }, { $inc: { n: 2 } }, { n: 3 }],
  [{}, { $inc: { n: 2 } }, { n: 2 }],
  [{ n: 1 }, { $inc: { n: new Double(0.5) } }, { n: 1.5 }],
  [{ n: new Int32(2147483647) }, { $inc: { n: 1 } }, { n: 2147483648n }],
  [{ n: BIG }, { $inc: { n: 1 } }, { n: 9007199254740994n }],
  [{ n: 3 }, { $mul: { n: 4 } }, { n: 12 }],
  [{}, { $mul: { n: 4 } }, { n: 0 }],
  [{ n: 5 }, { $min: { n: 3 } }, { n: 3 }],
  [{ n: 5 }, { $min: { n: 7 } }, { n: 5 }],
  [{ n: 5 }, { $max: { n: 7 } }, { n: 7 }],
  [{}, { $max: { n: 7 } }, { n: 7 }],
  [{ n: 'text' }, { $max: { n: 7 } }, { n: 'text' }],
  [{ at: new Date(5) }, { $min: { at: new Date(3) } }, { at: new Date(3) }],
  [{ a: 1 }, { $rename: { a: 'b' } }, { b: 1 }],
  [{ a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
  [{ a: { b: 1 } }, { $rename: { 'a.b': 'c.d' } }, { a: {}, c: { d: 1 } }],
  [{ b: 1 }, { $rename: { a: 'c' } }, { b: 1 }],
  [{ a: 1 }, { $setOnInsert: { b: 1, 'c.d': 2 } }, { a: 1 }],
  [{ a: 1 }, { $set: {} }, { a: 1 }],
  [
    { a: 1, b: 1 },
    { $set: { a: 2 }, $inc: { b: 1 }, $unset: { c: '' } },
    { a: 2, b: 2 },
  ],
  [{ a: 1 }, { $set: { b: { x: 1, '10': 2, '2': 3 } } }, { a: 1, b: { x: 1, '10': 2, '2': 3 } }],
];

const PIPELINES: readonly Case[] = [
  [{ a: 2 }, [{ $set: { b: { $multiply: ['$a', 10] } } }], { a: 2, b: 20 }],
  [{ a: 2, b: 1 }, [{ $unset: 'b' }, { $set: { c: '$a' } }], { a: 2, c: 2 }],
  [{ a: 2, b: { c: 1 } }, [{ $addFields: { 'b.d': '$a' } }], { a: 2, b: { c: 1, d: 2 } }],
  [{ a: 2, b: 1 }, [{ $project: { a: 1 } }], { a: 2 }],
  [{ a: 2, b: 1 }, [{ $replaceWith: { _id: '$_id', sum: { $add: ['$a', '$b'] } } }], { sum: 3 }],
];

/** What updates do to a document that is there. */
export function updateGuarantees(context: DocumentStoreContext): void {
  const check = ([before, update, after, deviations]: Case): void => {
    guarantee(
      context,
      `${JSON.stringify(update)} of ${JSON.stringify(before)}`,
      async () => {
        const collection = await context.filled('updated', [{ _id: 1, ...before }]);
        const outcome = await collection.updateOne({ _id: 1 }, update);
        const stored = await collection.findOne({}, { projection: { _id: 0 }, useBigInt64: true });
        expect(stored).toEqual(after);
        const isChange =
          JSON.stringify(before) !==
          JSON.stringify(after, (_, value: unknown) => (typeof value === 'bigint' ? 'big' : value));
        expect(outcome).toMatchObject({ matchedCount: 1, modifiedCount: Number(isChange) });
      },
      deviations,
    );
  };

  describe('update', () => {
    CASES.forEach(check);

    guarantee(context, '$currentDate sets the time, as a date or a timestamp', async () => {
      const collection = await context.filled('dates', [{ _id: 1 }]);
      const before = Date.now();
      await collection.updateOne({}, { $currentDate: { at: true, stamp: { $type: 'timestamp' } } } as Document);
      const stored = await contentOf(collection);
      expect((stored?.['at'] as Date).getTime()).toBeGreaterThanOrEqual(before - 1000);
      expect((stored?.['at'] as Date).getTime()).toBeLessThanOrEqual(Date.now() + 1000);
      expect((stored?.['stamp'] as mongoose.mongo.Timestamp).getHighBits()).toBeGreaterThanOrEqual(
        Math.floor(before / 1000) - 1,
      );
    });

    guarantee(context, '$set to the same value changes nothing and says so', async () => {
      const collection = await context.filled('same', [{ _id: 1, a: { b: [1, 'x'] } }]);
      const outcome = await collection.updateOne({ _id: 1 }, { $set: { a: { b: [1, 'x'] } } });
      expect(outcome).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
    });

    guarantee(context, 'of one changes one of those that match, of many all', async () => {
      const collection = await context.filled(
        'many',
        [1, 2, 3, 4].map((_id) => ({ _id, even: _id % 2 === 0 })),
      );
      expect(await collection.updateOne({ even: true }, { $set: { seen: 1 } })).toMatchObject({ modifiedCount: 1 });
      expect(await collection.updateMany({ even: true }, { $set: { seen: 1 } })).toMatchObject({
        matchedCount: 2,
        modifiedCount: 1,
      });
      expect(await collection.countDocuments({ seen: 1 })).toBe(2);
    });

    guarantee(context, 'of many by the field it changes touches each document once', async () => {
      const collection = await context.filled(
        'once',
        Array.from({ length: 500 }, (_, n) => ({ _id: n, n })),
      );
      await collection.createIndex({ n: 1 });
      expect(await collection.updateMany({ n: { $gte: 0 } }, { $inc: { n: 1000 } })).toMatchObject({
        modifiedCount: 500,
      });
      expect(await collection.countDocuments({ n: { $gte: 1000, $lt: 1500 } })).toBe(500);
    });

    guarantee(
      context,
      'of an int32 stays int32 while it fits, and becomes int64 when it must',
      async () => {
        const collection = await context.filled('widths', [{ _id: 1, n: new Int32(1) }]);
        const raw = { promoteValues: false } as const;
        await collection.updateOne({}, { $inc: { n: new Int32(1) } });
        expect((await collection.findOne({}, raw))?.['n']).toEqual(new Int32(2));
        await collection.updateOne({}, { $inc: { n: new Int32(2147483647) } });
        expect((await collection.findOne({}, raw))?.['n']).toEqual(Long.fromNumber(2147483649));
      },
      { ferretdb: 'overflows' },
    );
  });

  describe('replace', () => {
    guarantee(context, 'puts a document in place of another, and keeps its _id', async () => {
      const collection = await context.filled('replaced', [{ _id: 1, a: 1, b: 1 }]);
      expect(await collection.replaceOne({ a: 1 }, { c: 3 })).toMatchObject({ modifiedCount: 1 });
      expect(await collection.findOne()).toEqual({ _id: 1, c: 3 });
      expect(await collection.replaceOne({ _id: 1 }, { _id: 1, d: 4 })).toMatchObject({ modifiedCount: 1 });
      expect(await collection.findOne()).toEqual({ _id: 1, d: 4 });
    });

    guarantee(context, 'moves the document in every index', async () => {
      const collection = await context.filled('moved', [{ _id: 1, tags: ['a', 'b'], n: 1 }]);
      await collection.createIndexes([{ key: { tags: 1 } }, { key: { n: 1, tags: -1 } }]);
      await collection.replaceOne({ _id: 1 }, { tags: ['b', 'c'], n: 2 });
      expect(await collection.countDocuments({ tags: 'a' })).toBe(0);
      expect(await collection.countDocuments({ tags: 'c' })).toBe(1);
      expect(await collection.countDocuments({ n: 2, tags: 'b' })).toBe(1);
      expect(await collection.countDocuments({ n: 1 })).toBe(0);
    });
  });

  describe('update by a pipeline', () => {
    for (const [before, update, after] of PIPELINES) {
      guarantee(
        context,
        JSON.stringify(update),
        async () => {
          const collection = await context.filled('piped', [{ _id: 1, ...before }]);
          await collection.updateOne({ _id: 1 }, update);
          expect(await contentOf(collection)).toEqual(after);
        },
        { ferretdb: 'refuses pipelines in updates' },
      );
    }
  });
}
