import { describe, expect } from 'vitest';
import { Double, Long, MaxKey, MinKey, ObjectId, Timestamp } from './bson-values.js';
import { found, sorted } from './finding.js';
import { type Document, type DocumentStoreContext, guarantee, NO_NESTED_ARRAYS } from './running-document-store.js';

const EARLY = new ObjectId('000000000000000000000001');
const LATE = new ObjectId('ffffffffffffffffffffffff');

/** Values of many types in MongoDB's order (manual, "Comparison/Sort Order"); neighbours are never equal. */
const ASCENDING: readonly unknown[] = [
  null,
  NaN,
  -Infinity,
  -1.5,
  0,
  new Double(0.5),
  1,
  Long.fromBigInt(9007199254740993n),
  Infinity,
  '',
  'A',
  'Z',
  'a',
  'aa',
  'é',
  '日本',
  {},
  { a: 1 },
  { a: 1, b: 1 },
  { a: 2 },
  { b: 0 },
  { a: 'text' },
  Buffer.from([]),
  Buffer.from([255]),
  Buffer.from([0, 0]),
  EARLY,
  LATE,
  false,
  true,
  new Date(-1),
  new Date(0),
  new Date(1_700_000_000_000),
];

/** The same with types that not every server stores. */
const RARE: readonly unknown[] = [new MinKey(), ...ASCENDING, new Timestamp({ t: 1, i: 1 }), /a/, /b/, new MaxKey()];

const shuffled = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index).sort((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101));

/** How values of different types compare. */
export function comparisonGuarantees(context: DocumentStoreContext): void {
  describe.each([
    ['without an index', undefined],
    ['with an index', { v: 1 }],
    ['with a descending index', { v: -1 }],
  ] as const)('comparison %s', (_name, index) => {
    const filled = async (values: readonly unknown[]) => {
      const documents = shuffled(values.length).map((position) => ({ _id: position, v: values[position] }));
      const collection = await context.filled('values', documents);
      if (index !== undefined) await collection.createIndex({ ...index });
      return collection;
    };

    guarantee(
      context,
      'sorts values of all types in MongoDB’s order, and backwards',
      async () => {
        const collection = await filled(ASCENDING);
        const order = ASCENDING.map((_, position) => position);
        expect(await sorted(collection, { v: 1 })).toEqual(order);
        expect(await sorted(collection, { v: -1 })).toEqual(order.toReversed());
      },
      { ferretdb: 'stores no NaN' },
    );

    guarantee(
      context,
      'sorts the rare types too',
      async () => {
        const collection = await filled(RARE);
        expect(await sorted(collection, { v: 1 })).toEqual(RARE.map((_, position) => position));
      },
      { ferretdb: 'does not store MinKey and MaxKey' },
    );

    guarantee(context, 'a range finds only values of the kind it is given in', async () => {
      const values = [1, 5, 'a', 'm', new Date(5), new Date(500), true, null, EARLY, LATE];
      const collection = await filled(values);
      expect(await found(collection, { v: { $gt: 1 } })).toEqual([1]);
      expect(await found(collection, { v: { $lt: 100 } })).toEqual([0, 1]);
      expect(await found(collection, { v: { $gte: 'a' } })).toEqual([2, 3]);
      expect(await found(collection, { v: { $gte: '' } })).toEqual([2, 3]);
      expect(await found(collection, { v: { $lt: new Date(100) } })).toEqual([4]);
      expect(await found(collection, { v: { $gt: EARLY } })).toEqual([9]);
      expect(await found(collection, { v: { $gte: false } })).toEqual([6]);
    });

    guarantee(context, 'strings compare by their bytes, not by language', async () => {
      const words = ['Zebra', 'apple', 'Äpfel', 'zoo'];
      const collection = await filled(words);
      expect(await sorted(collection, { v: 1 })).toEqual([0, 1, 3, 2]);
      expect(await found(collection, { v: { $gt: 'a' } })).toEqual([1, 2, 3]);
    });

    guarantee(
      context,
      'NaN is found by NaN and by no range of numbers',
      async () => {
        const collection = await filled([NaN, 1, -Infinity]);
        expect(await found(collection, { v: NaN })).toEqual([0]);
        expect(await found(collection, { v: { $lt: 5 } })).toEqual([1, 2]);
        expect(await found(collection, { v: { $lte: NaN } })).toEqual([0]);
        expect(await found(collection, { v: { $gt: NaN } })).toEqual([]);
      },
      { ferretdb: 'stores no NaN' },
    );

    guarantee(context, 'zero and minus zero are equal', async () => {
      const collection = await filled([0, -0, new Double(-0), 1]);
      expect(await found(collection, { v: 0 })).toEqual([0, 1, 2]);
      expect(await found(collection, { v: { $lt: 0 } })).toEqual([]);
    });

    guarantee(context, 'sub-documents compare field by field: type, name, value', async () => {
      const collection = await filled([{ a: 1 }, { a: 1, b: 1 }, { a: 2 }, { b: 0 }, { a: 'x' }]);
      expect(await found(collection, { v: { $gt: { a: 1 } } })).toEqual([1, 2, 3, 4]);
      expect(await found(collection, { v: { $lt: { a: 2 } } })).toEqual([0, 1]);
    });

    guarantee(
      context,
      'MinKey and MaxKey are below and above all values',
      async () => {
        const collection = await filled([null, 1, 'a', LATE]);
        expect(await found(collection, { v: { $gt: new MinKey() } })).toEqual([0, 1, 2, 3]);
        expect(await found(collection, { v: { $lt: new MaxKey() } })).toEqual([0, 1, 2, 3]);
      },
      { ferretdb: 'does not know MinKey and MaxKey' },
    );
  });

  describe('comparison of arrays', () => {
    const lists: Document[] = [
      { _id: 1, v: [1, 9] },
      { _id: 2, v: [5] },
      { _id: 3, v: [] },
      { _id: 4, v: 4 },
      { _id: 6 },
    ];

    for (const index of [undefined, { v: 1 }, { v: -1 }] as const) {
      const name = index === undefined ? 'without an index' : `with the index ${JSON.stringify(index)}`;
      const filled = async () => {
        const collection = await context.filled('lists', lists);
        if (index !== undefined) await collection.createIndex({ ...index });
        return collection;
      };

      guarantee(
        context,
        `a condition holds when it holds for one item, ${name}`,
        async () => {
          const collection = await filled();
          expect(await found(collection, { v: { $gt: 4 } })).toEqual([1, 2]);
          expect(await found(collection, { v: { $gt: 2, $lt: 6 } })).toEqual([1, 2, 4]);
          expect(await found(collection, { v: { $elemMatch: { $gt: 2, $lt: 6 } } })).toEqual([2]);
          expect(await found(collection, { v: 5 })).toEqual([2]);
          expect(await found(collection, { v: [1, 9] })).toEqual([1]);
          expect(await found(collection, { v: [] })).toEqual([3]);
          expect(await found(collection, { v: { $in: [9, 4] } })).toEqual([1, 4]);
        },
        { ferretdb: 'tests the conditions of $elemMatch apart' },
      );

      guarantee(
        context,
        `ascending by the least item, descending by the greatest, empty below missing, ${name}`,
        async () => {
          const collection = await filled();
          expect(await sorted(collection, { v: 1 })).toEqual([3, 6, 1, 4, 2]);
          expect(await sorted(collection, { v: -1 })).toEqual([1, 2, 4, 6, 3]);
        },
      );

      guarantee(
        context,
        `an array in an array is one value, above all others, ${name}`,
        async () => {
          const collection = await filled();
          await collection.insertOne({ _id: 5, v: [[7]] });
          expect(await found(collection, { v: [7] })).toEqual([5]);
          expect(await found(collection, { v: 7 })).toEqual([]);
          expect(await sorted(collection, { v: -1 })).toEqual([5, 1, 2, 4, 6, 3]);
        },
        NO_NESTED_ARRAYS,
      );

      guarantee(context, `a document is given once, however many items match, ${name}`, async () => {
        const collection = await filled();
        await collection.insertOne({ _id: 7, v: [1, 1, 2, 2, 3] });
        expect(await found(collection, { v: { $gte: 1, $lte: 3 } })).toEqual([1, 7]);
        expect(await collection.countDocuments({ v: { $gte: 1 } })).toBe(4);
      });
    }
  });
}
