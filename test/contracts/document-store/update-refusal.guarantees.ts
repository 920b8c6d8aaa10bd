import { describe, expect } from 'vitest';
import { Long } from './bson-values.js';
import { contentOf } from './finding.js';
import { type Deviations, type Document, type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf } from './server-failure.js';

type Case = readonly [before: Document, update: Document, code: number, deviations?: Deviations];

const POSITIONAL = { ferretdb: 'knows no positional operators' };
const MAX_LONG = Long.MAX_VALUE;

/** Updates that MongoDB refuses, each with MongoDB's code. */
const CASES: readonly Case[] = [
  // 28: a value that is no document stands in the way
  [{ a: 5 }, { $set: { 'a.b': 1 } }, 28],
  [{ a: null }, { $set: { 'a.b': 1 } }, 28],
  [{ a: [1] }, { $set: { 'a.b': 1 } }, 28],
  [{ a: 'text' }, { $inc: { 'a.b': 1 } }, 28],
  [{ a: 5 }, { $push: { 'a.b': 1 } }, 28],
  // 40: two changes of one place
  [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  [{}, { $set: { a: { b: 1 }, 'a.b': 2 } }, 40],
  [{}, { $set: { 'a.b': 1 }, $unset: { a: '' } }, 40],
  [{}, { $rename: { a: 'b' }, $set: { b: 1 } }, 40, { ferretdb: 'takes it' }],
  // 14: the type does not fit
  [{ n: 'text' }, { $inc: { n: 1 } }, 14],
  [{ n: null }, { $inc: { n: 1 } }, 14],
  [{ n: 1 }, { $inc: { n: 'text' as never } }, 14],
  [{ n: [] }, { $mul: { n: 2 } }, 14],
  [{ l: 5 }, { $pop: { l: 1 } }, 14],
  // 2: bad values
  [{ l: 5 }, { $push: { l: 1 } }, 2],
  [{ l: 5 }, { $addToSet: { l: 1 } }, 2],
  [{ l: 5 }, { $pull: { l: 1 } }, 2],
  [{ n: MAX_LONG }, { $inc: { n: 1 } }, 2],
  [{ l: [1] }, { $push: { l: { $each: 5 as never } } }, 2],
  [{ l: [1] }, { $push: { l: { $each: [5], $other: 1 } as never } }, 2, { ferretdb: 'ignores the modifiers of $push' }],
  [{ l: [1] }, { $push: { l: { $each: [5], $sort: 7 } as never } }, 2, { ferretdb: 'ignores the modifiers of $push' }],
  [
    { l: [1] },
    { $push: { l: { $each: [5], $slice: 'x' } as never } },
    2,
    { ferretdb: 'ignores the modifiers of $push' },
  ],
  [{ a: 1 }, { $rename: { a: 'a' } }, 2],
  [{ a: [{ b: 1 }] }, { $rename: { 'a.0.b': 'c' } }, 2, { ferretdb: 'renames out of arrays' }],
  [{ a: 1 }, { $currentDate: { a: { $type: 'year' } as never } }, 2],
  [{ l: [1] }, { $set: { 'l.$': 1 } }, 2, POSITIONAL],
  [{ a: { b: 1 } }, { $set: { 'a.$[]': 1 } }, 2],
  [{}, { $set: { 'a.$[]': 1 } }, 2],
  [{ l: [1] }, { $set: { 'l.$[x]': 1 } }, 2, POSITIONAL],
  // 66: `_id` does not change
  [{}, { $set: { _id: 2 } }, 66],
  [{}, { $unset: { _id: '' } }, 66],
  [{}, { $inc: { _id: 1 } }, 66],
  // 9: not an update
  [{ l: [1] }, { $pop: { l: 2 } as never }, 9],
  [{}, { $unknown: { a: 1 } }, 9],
  [{}, { $set: 5 as never }, 9],
  // 52, 56: names
  [{}, { $set: { $a: 1 } as never }, 52, { ferretdb: 'answers 2' }],
  [{}, { $set: { 'a.$b': 1 } }, 52, POSITIONAL],
  [{}, { $set: { '': 1 } }, 56],
  [{}, { $set: { 'a..b': 1 } }, 56],
];

/** What updates do not do. */
export function updateRefusalGuarantees(context: DocumentStoreContext): void {
  describe('an update is refused, and nothing is changed:', () => {
    for (const [before, update, code, deviations] of CASES) {
      guarantee(
        context,
        `${JSON.stringify(update)} of ${JSON.stringify(before)} by ${code}`,
        async () => {
          const collection = await context.filled('refused', [{ _id: 1, ...before }]);
          const stored = await collection.findOne();
          expect(await codeOf(collection.updateOne({ _id: 1 }, update))).toBe(code);
          expect(await collection.findOne()).toEqual(stored);
        },
        deviations,
      );
    }

    guarantee(context, 'a replacement with another _id, by 66', async () => {
      const collection = await context.filled('refused', [{ _id: 1, a: 1 }]);
      expect(await codeOf(collection.replaceOne({ a: 1 }, { _id: 2, a: 1 }))).toBe(66);
    });

    guarantee(
      context,
      'a replacement of many, by 9',
      async () => {
        const collection = await context.filled('refused', [{ _id: 1, a: 1 }]);
        const update = { update: collection.collectionName, updates: [{ q: {}, u: { a: 2 }, multi: true }] };
        expect(await context.db.command(update)).toMatchObject({ n: 0, writeErrors: [{ index: 0, code: 9 }] });
      },
      { ferretdb: 'replaces them all' },
    );

    guarantee(
      context,
      'array filters that are unused, twofold or shapeless',
      async () => {
        const collection = await context.filled('refused', [{ _id: 1, l: [1] }]);
        const attempt = (arrayFilters: Document[]) =>
          collection.updateOne({ _id: 1 }, { $set: { 'l.$[x]': 2 } }, { arrayFilters });
        expect(await codeOf(attempt([{ x: 1 }, { y: 1 }]))).toBe(9);
        expect(await codeOf(attempt([{ x: 1 }, { x: 2 }]))).toBe(9);
        expect(await codeOf(attempt([{ x: 1, y: 2 }]))).toBe(9);
        expect(await contentOf(collection)).toEqual({ l: [1] });
      },
      POSITIONAL,
    );

    guarantee(context, 'of many: what was changed before the refusal stays changed', async () => {
      const collection = await context.filled('partly', [
        { _id: 1, n: 1 },
        { _id: 2, n: 'x' },
        { _id: 3, n: 1 },
      ]);
      expect(await codeOf(collection.updateMany({}, { $inc: { n: 1 } }))).toBe(14);
      expect(await collection.findOne({ _id: 1 })).toEqual({ _id: 1, n: 2 });
      expect(await collection.findOne({ _id: 2 })).toEqual({ _id: 2, n: 'x' });
    });
  });
}
