import { describe, expect } from 'vitest';
import { ObjectId } from './bson-values.js';
import { contentOf } from './finding.js';
import { type Deviations, type Document, type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf } from './server-failure.js';

type Case = readonly [filter: Document, update: Document, inserted: Document, deviations?: Deviations];

const CASES: readonly Case[] = [
  [{ a: 1 }, { $set: { b: 2 } }, { a: 1, b: 2 }],
  [{ a: 1 }, { $setOnInsert: { b: 2 }, $inc: { n: 1 } }, { a: 1, b: 2, n: 1 }],
  [{ a: 1 }, { $setOnInsert: { b: { c: null } }, $set: { d: null } }, { a: 1, b: { c: null }, d: null }],
  [{ a: 1 }, { $setOnInsert: { b: null } }, { a: 1, b: null }, { ferretdb: 'drops it' }],
  [{ a: { $eq: 1 } }, { $set: { b: 2 } }, { a: 1, b: 2 }],
  [{ a: { $gt: 1 } }, { $set: { b: 2 } }, { b: 2 }],
  [{ a: { $in: [1] } }, { $set: { b: 2 } }, { a: 1, b: 2 }, { ferretdb: 'ignores $in' }],
  [{ a: { $in: [1, 2] } }, { $set: { b: 2 } }, { b: 2 }],
  [{ $and: [{ a: 1 }, { c: 3 }] }, { $set: { b: 2 } }, { a: 1, c: 3, b: 2 }, { ferretdb: 'ignores $and' }],
  [{ $or: [{ a: 1 }, { a: 2 }] }, { $set: { b: 2 } }, { b: 2 }],
  [{ 'a.x': 1 }, { $set: { b: 2 } }, { a: { x: 1 }, b: 2 }],
  [{ 'a.x': 1, 'a.y': 2 }, { $set: { 'a.z': 3 } }, { a: { x: 1, y: 2, z: 3 } }],
  [{ a: { x: 1 } }, { $push: { l: 1 } }, { a: { x: 1 }, l: [1] }],
  [{ a: 1 }, { $set: { a: 2 } }, { a: 2 }],
  [{ a: 1 }, { $mul: { n: 5 } }, { a: 1, n: 0 }],
  [{ a: 1 }, { $unset: { a: '' } }, {}],
];

/** Update, or insert what the filter and the update make. */
export function upsertGuarantees(context: DocumentStoreContext): void {
  describe('upsert', () => {
    for (const [filter, update, inserted, deviations] of CASES) {
      guarantee(
        context,
        `${JSON.stringify(update)} for ${JSON.stringify(filter)}`,
        async () => {
          const collection = context.collection('upserted');
          const outcome = await collection.updateOne(filter, update, { upsert: true });
          expect(outcome).toMatchObject({ matchedCount: 0, upsertedCount: 1 });
          expect(outcome.upsertedId).toBeInstanceOf(ObjectId);
          expect(await contentOf(collection)).toEqual(inserted);
        },
        deviations,
      );
    }

    guarantee(context, 'takes the _id from the filter, or from $setOnInsert', async () => {
      const collection = context.collection('ids');
      expect(await collection.updateOne({ _id: 7 }, { $set: { a: 1 } }, { upsert: true })).toMatchObject({
        upsertedId: 7,
      });
      const byUpdate = await collection.updateOne({ a: 2 }, { $setOnInsert: { _id: 8 } }, { upsert: true });
      expect(byUpdate).toMatchObject({ upsertedId: 8 });
      const byReplacement = await collection.replaceOne({ _id: 9 }, { a: 3 }, { upsert: true });
      expect(byReplacement).toMatchObject({ upsertedId: 9 });
      expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual([
        { _id: 7, a: 1 },
        { _id: 8, a: 2 },
        { _id: 9, a: 3 },
      ]);
    });

    guarantee(context, 'updates what is there and inserts nothing', async () => {
      const collection = await context.filled('there', [{ _id: 1, a: 1 }]);
      const update = { $inc: { n: 1 }, $setOnInsert: { fresh: true } };
      expect(await collection.updateOne({ a: 1 }, update, { upsert: true })).toMatchObject({
        matchedCount: 1,
        upsertedCount: 0,
      });
      expect(await collection.find().toArray()).toEqual([{ _id: 1, a: 1, n: 1 }]);
    });

    guarantee(context, 'of many inserts one when nothing matches', async () => {
      const collection = context.collection('many');
      expect(await collection.updateMany({ a: 1 }, { $set: { b: 1 } }, { upsert: true })).toMatchObject({
        upsertedCount: 1,
      });
      expect(await collection.countDocuments()).toBe(1);
    });

    guarantee(
      context,
      'refuses a filter that demands a field twice, by 54',
      async () => {
        const collection = context.collection('twice');
        const filter = { $and: [{ a: 1 }, { a: 2 }] };
        expect(await codeOf(collection.updateOne(filter, { $set: { b: 1 } }, { upsert: true }))).toBe(54);
      },
      { ferretdb: 'takes neither' },
    );

    guarantee(context, 'of 40 at once for one unique key makes one document', async () => {
      const collection = context.collection('race');
      await collection.createIndex({ key: 1 }, { unique: true });
      const attempts = Array.from({ length: 40 }, () =>
        collection.updateOne({ key: 'k' }, { $inc: { n: 1 } }, { upsert: true }).then(
          () => 'written',
          (error: unknown) => (error as { code?: number }).code,
        ),
      );
      const outcomes = await Promise.all(attempts);
      const written = outcomes.filter((outcome) => outcome === 'written').length;
      expect(outcomes.every((outcome) => outcome === 'written' || outcome === 11000)).toBe(true);
      expect(await collection.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ key: 'k', n: written }]);
    });

    guarantee(context, 'guarded by a position: an older one meets the newer by 11000 and changes nothing', async () => {
      const collection = context.collection('guarded');
      const project = (position: number, subject: string) =>
        collection.updateOne(
          { _id: 'mail', position: { $lt: position } },
          { $set: { position, subject } },
          { upsert: true },
        );
      await project(5, 'newer');
      expect(await codeOf(project(4, 'older'))).toBe(11000);
      expect(await codeOf(project(5, 'repeated'))).toBe(11000);
      await project(6, 'newest');
      expect(await collection.find().toArray()).toEqual([{ _id: 'mail', position: 6, subject: 'newest' }]);
    });
  });
}
