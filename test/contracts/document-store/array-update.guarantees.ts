import { describe, expect } from 'vitest';
import { contentOf } from './finding.js';
import {
  type Deviations,
  type Document,
  type DocumentStoreContext,
  guarantee,
  NO_NESTED_ARRAYS,
} from './running-document-store.js';

type Case = readonly [before: Document, update: Document, after: Document, deviations?: Deviations];

const FERRET_PUSH = { ferretdb: 'knows no modifiers of $push' };

const CASES: readonly Case[] = [
  [{ l: [1] }, { $push: { l: 2 } }, { l: [1, 2] }],
  [{}, { $push: { l: 2 } }, { l: [2] }],
  [{ l: [1] }, { $push: { l: [2, 3] } }, { l: [1, [2, 3]] }, NO_NESTED_ARRAYS],
  [{ l: [1] }, { $push: { l: { $each: [2, 3] } } }, { l: [1, 2, 3] }],
  [{ l: [1] }, { $push: { l: { $each: [] } } }, { l: [1] }],
  [{ l: [1, 4] }, { $push: { l: { $each: [2, 3], $position: 1 } } }, { l: [1, 2, 3, 4] }, FERRET_PUSH],
  [{ l: [1, 4] }, { $push: { l: { $each: [3], $position: -1 } } }, { l: [1, 3, 4] }, FERRET_PUSH],
  [{ l: [5, 1] }, { $push: { l: { $each: [3], $sort: 1 } } }, { l: [1, 3, 5] }, FERRET_PUSH],
  [{ l: [5, 1] }, { $push: { l: { $each: [3], $sort: -1, $slice: 2 } } }, { l: [5, 3] }, FERRET_PUSH],
  [{ l: [1, 2] }, { $push: { l: { $each: [3], $slice: -2 } } }, { l: [2, 3] }, FERRET_PUSH],
  [{ l: [1, 2] }, { $push: { l: { $each: [3], $slice: 0 } } }, { l: [] }, FERRET_PUSH],
  [
    {
      l: [
        { a: 2, b: 1 },
        { a: 1, b: 1 },
      ],
    },
    { $push: { l: { $each: [{ a: 1, b: 2 }], $sort: { a: 1, b: -1 } } } },
    {
      l: [
        { a: 1, b: 2 },
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ],
    },
    FERRET_PUSH,
  ],
  [{ l: [1] }, { $addToSet: { l: 2 } }, { l: [1, 2] }],
  [{ l: [1, 2] }, { $addToSet: { l: 2 } }, { l: [1, 2] }],
  [{}, { $addToSet: { l: 2 } }, { l: [2] }],
  [{ l: [1, 1] }, { $addToSet: { l: 2 } }, { l: [1, 1, 2] }],
  [{ l: [1] }, { $addToSet: { l: { $each: [1, 2, 2, 3] } } }, { l: [1, 2, 3] }],
  [
    { l: [{ a: 1, b: 2 }] },
    { $addToSet: { l: { b: 2, a: 1 } } },
    {
      l: [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    },
  ],
  [{ l: [1, 2, 3, 2] }, { $pull: { l: 2 } }, { l: [1, 3] }],
  [
    { l: [1, 5, 9] },
    { $pull: { l: { $gt: 4, $lt: 8 } } },
    { l: [1, 9] },
    { ferretdb: 'takes conditions of $pull as values' },
  ],
  [
    { l: [1, 5, 9] },
    { $pull: { l: { $in: [1, 9] } } },
    { l: [5] },
    { ferretdb: 'takes conditions of $pull as values' },
  ],
  [
    { l: [{ a: 1, b: 1 }, { a: 2 }] },
    { $pull: { l: { a: 1 } } },
    { l: [{ a: 2 }] },
    { ferretdb: 'takes conditions of $pull as values' },
  ],
  [{ l: ['ab', 'cd'] }, { $pull: { l: /^a/ } }, { l: ['cd'] }, { ferretdb: 'takes conditions of $pull as values' }],
  [{}, { $pull: { l: 1 } }, {}],
  [{ l: [1, 2, 3, 1] }, { $pullAll: { l: [1, 3] } }, { l: [2] }],
  [{ l: [1, 2, 3] }, { $pop: { l: 1 } }, { l: [1, 2] }],
  [{ l: [1, 2, 3] }, { $pop: { l: -1 } }, { l: [2, 3] }],
  [{ l: [] }, { $pop: { l: 1 } }, { l: [] }],
  [{}, { $pop: { l: 1 } }, {}],
  [{ a: { l: [1] } }, { $push: { 'a.l': 2 } }, { a: { l: [1, 2] } }],
];

const POSITIONAL = { ferretdb: 'knows no positional operators' };

/** Updates of arrays and of their items. */
export function arrayUpdateGuarantees(context: DocumentStoreContext): void {
  describe('array update', () => {
    for (const [before, update, after, deviations] of CASES) {
      guarantee(
        context,
        `${JSON.stringify(update)} of ${JSON.stringify(before)}`,
        async () => {
          const collection = await context.filled('arrays', [{ _id: 1, ...before }]);
          await collection.updateOne({ _id: 1 }, update);
          expect(await contentOf(collection)).toEqual(after);
        },
        deviations,
      );
    }

    guarantee(
      context,
      '`$` is the item that matched the filter',
      async () => {
        const grades = [
          { n: 1, ok: false },
          { n: 2, ok: false },
          { n: 2, ok: false },
        ];
        const collection = await context.filled('hits', [{ _id: 1, grades, list: [5, 6, 7] }]);
        await collection.updateOne({ 'grades.n': 2 }, { $set: { 'grades.$.ok': true } });
        await collection.updateOne({ list: { $gte: 6 } }, { $inc: { 'list.$': 10 } });
        await collection.updateOne({ grades: { $elemMatch: { n: 1, ok: false } } }, { $set: { 'grades.$.n': 9 } });
        expect(await contentOf(collection)).toEqual({
          grades: [
            { n: 9, ok: false },
            { n: 2, ok: true },
            { n: 2, ok: false },
          ],
          list: [5, 16, 7],
        });
      },
      POSITIONAL,
    );

    guarantee(
      context,
      '`$` works with an index and for many documents',
      async () => {
        const collection = await context.filled(
          'hits',
          [1, 2, 3].map((_id) => ({ _id, list: [_id, 50, _id * 10] })),
        );
        await collection.createIndex({ list: 1 });
        await collection.updateMany({ list: { $elemMatch: { $gte: 20, $lte: 30 } } }, { $set: { 'list.$': 0 } });
        const lists = (await collection.find().sort({ _id: 1 }).toArray()).map(({ list }) => list as number[]);
        expect(lists).toEqual([
          [1, 50, 10],
          [2, 50, 0],
          [3, 50, 0],
        ]);
      },
      POSITIONAL,
    );

    guarantee(
      context,
      '`$[]` is every item',
      async () => {
        const collection = await context.filled('all', [{ _id: 1, list: [1, 2, 3], mails: [{ n: 1 }, { n: 2 }] }]);
        await collection.updateOne({ _id: 1 }, { $inc: { 'list.$[]': 10, 'mails.$[].n': 1 } });
        expect(await contentOf(collection)).toEqual({ list: [11, 12, 13], mails: [{ n: 2 }, { n: 3 }] });
      },
      POSITIONAL,
    );

    guarantee(
      context,
      '`$[name]` is every item an array filter passes',
      async () => {
        const boxes = [
          { box: 'in', mails: [{ n: 1 }, { n: 5 }] },
          { box: 'out', mails: [{ n: 9 }] },
        ];
        const collection = await context.filled('filtered', [{ _id: 1, list: [1, 5, 9], boxes }]);
        await collection.updateOne({ _id: 1 }, { $set: { 'list.$[low]': 0 } }, { arrayFilters: [{ low: { $lt: 6 } }] });
        const arrayFilters = [{ 'box.box': 'in' }, { 'mail.n': { $gt: 2 } }];
        await collection.updateOne({ _id: 1 }, { $set: { 'boxes.$[box].mails.$[mail].big': true } }, { arrayFilters });
        expect(await contentOf(collection)).toEqual({
          list: [0, 0, 9],
          boxes: [
            { box: 'in', mails: [{ n: 1 }, { n: 5, big: true }] },
            { box: 'out', mails: [{ n: 9 }] },
          ],
        });
      },
      POSITIONAL,
    );
  });
}
