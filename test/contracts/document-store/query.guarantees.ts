import { describe, expect } from 'vitest';
import { found } from './finding.js';
import {
  type Document,
  type DocumentStoreContext,
  guarantee,
  NO_NESTED_ARRAYS,
  type Deviations,
} from './running-document-store.js';
import { codeOf } from './server-failure.js';

const MAILS = [
  {
    _id: 1,
    subject: 'Invoice 7',
    size: 10,
    to: ['aiko', 'ben'],
    from: { name: 'Chie', host: 'a.example' },
    read: true,
  },
  { _id: 2, subject: 'invoice 8', size: 25, to: ['ben'], from: { name: 'Dai', host: 'b.example' } },
  { _id: 3, subject: 'Greetings', size: 40, to: [], from: { name: 'Chie', host: 'b.example' }, read: false },
  {
    _id: 4,
    subject: 'ご請求書',
    size: 3.5,
    parts: [
      { type: 'text', size: 5 },
      { type: 'image', size: 50 },
    ],
  },
  { _id: 5, size: 40, parts: [{ type: 'text', size: 60 }] },
] as const;

type Case = readonly [filter: Document, ids: readonly number[], deviations?: Deviations];

/** Every operator served, with the documents of MAILS it finds. */
const CASES: readonly Case[] = [
  [{}, [1, 2, 3, 4, 5]],
  [{ size: 40 }, [3, 5]],
  [{ size: { $eq: 10 } }, [1]],
  [{ size: { $ne: 40 } }, [1, 2, 4]],
  [{ size: { $gt: 10 } }, [2, 3, 5]],
  [{ size: { $gte: 10 } }, [1, 2, 3, 5]],
  [{ size: { $lt: 10 } }, [4]],
  [{ size: { $lte: 10 } }, [1, 4]],
  [{ size: { $gt: 5, $lt: 30 } }, [1, 2]],
  [{ size: { $in: [10, 3.5, 99] } }, [1, 4]],
  [{ size: { $nin: [10, 40] } }, [2, 4]],
  [{ size: { $in: [] } }, []],
  [{ read: { $exists: true } }, [1, 3]],
  [{ read: { $exists: false } }, [2, 4, 5]],
  [{ read: { $nin: [true] } }, [2, 3, 4, 5]],
  [{ size: { $type: 'double' } }, [4]],
  [{ size: { $type: 'number' } }, [1, 2, 3, 4, 5]],
  [{ subject: { $type: ['string', 'null'] } }, [1, 2, 3, 4]],
  [{ to: { $type: 'array' } }, [1, 2, 3]],
  [{ size: { $mod: [10, 0] } }, [1, 3, 5]],
  [{ subject: /^Inv/ }, [1]],
  [{ subject: /^inv/i }, [1, 2]],
  [{ subject: { $regex: '請求' } }, [4]],
  [{ subject: { $regex: 'GREET', $options: 'i' } }, [3]],
  [{ subject: { $not: /^Inv/ } }, [2, 3, 4, 5]],
  [{ subject: { $in: [/^Inv/, 'Greetings'] } }, [1, 3]],
  [{ 'from.name': 'Chie' }, [1, 3]],
  [{ from: { name: 'Chie', host: 'a.example' } }, [1]],
  [{ to: 'ben' }, [1, 2]],
  [{ to: ['ben'] }, [2]],
  [{ to: [] }, [3]],
  [{ 'to.0': 'ben' }, [2]],
  [{ to: { $all: ['ben', 'aiko'] } }, [1]],
  [{ to: { $all: [] } }, []],
  [{ to: { $size: 0 } }, [3]],
  [{ to: { $size: 2 } }, [1]],
  [{ to: { $ne: 'ben' } }, [3, 4, 5]],
  [{ 'parts.type': 'text' }, [4, 5]],
  [{ 'parts.size': { $gt: 10 } }, [4, 5]],
  [
    { parts: { $elemMatch: { type: 'text', size: { $gt: 10 } } } },
    [5],
    { ferretdb: 'knows $elemMatch only with operators' },
  ],
  [{ 'parts.type': 'text', 'parts.size': 50 }, [4]],
  [
    { parts: { $all: [{ $elemMatch: { type: 'text' } }, { $elemMatch: { size: 50 } }] } },
    [4],
    { ferretdb: 'refuses $elemMatch in $all' },
  ],
  [{ to: { $elemMatch: { $gt: 'a', $lt: 'b' } } }, [1]],
  [{ 'parts.0.size': 60 }, [5]],
  [{ $and: [{ size: 40 }, { read: false }] }, [3]],
  [{ $or: [{ size: 10 }, { 'from.name': 'Dai' }] }, [1, 2]],
  [{ $nor: [{ size: 40 }, { size: 10 }] }, [2, 4]],
  [{ size: { $not: { $gt: 10 } } }, [1, 4]],
  [{ $or: [{ size: 10 }], $and: [{ read: true }] }, [1]],
  [{ subject: { $gte: 'Greetings', $lt: 'Invoice 8' } }, [1, 3]],
  [{ $expr: { $gt: ['$size', 20] } }, [2, 3, 5], { ferretdb: 'refuses most of $expr' }],
  [{ $expr: { $eq: ['$from.host', 'a.example'] } }, [1], { ferretdb: 'refuses most of $expr' }],
  [{ size: 40, $comment: 'why' }, [3, 5]],
];

/** What each index makes of the same questions. */
const INDEXES: readonly [name: string, index: Document | undefined][] = [
  ['without an index', undefined],
  ['with an index on the first field asked for', {}],
  ['with a descending compound index', { size: -1, to: -1 }],
];

function firstField(filter: Document): string {
  const [name] = Object.keys(filter).filter((field) => !field.startsWith('$'));
  return name === undefined || /\.\d/.test(name) ? 'size' : name;
}

/** Which documents a filter finds, whether or not an index helps. */
export function queryGuarantees(context: DocumentStoreContext): void {
  describe.each(INDEXES)('a filter %s', (_name, index) => {
    for (const [filter, ids, deviations] of CASES) {
      guarantee(
        context,
        `${JSON.stringify(filter, (_, value: unknown) => (value instanceof RegExp ? String(value) : value))} finds ${ids.join(', ') || 'nothing'}`,
        async () => {
          const collection = await context.filled('mails', MAILS);
          if (index !== undefined) {
            await collection.createIndex(Object.keys(index).length > 0 ? index : { [firstField(filter)]: 1 });
          }
          expect(await found(collection, filter)).toEqual(ids);
          expect(await collection.countDocuments(filter)).toBe(ids.length);
        },
        deviations,
      );
    }
  });

  describe('a filter on arrays in arrays', () => {
    guarantee(
      context,
      'finds by a whole inner array, and by its items one by one',
      async () => {
        const collection = await context.filled('nested', [
          { _id: 1, marks: [[1, 2], [3]] },
          { _id: 2, marks: [1, 2] },
        ]);
        expect(await found(collection, { marks: [1, 2] })).toEqual([1, 2]);
        expect(await found(collection, { marks: { $elemMatch: { $elemMatch: { $eq: 3 } } } })).toEqual([1]);
        expect(await found(collection, { 'marks.0.1': 2 })).toEqual([1]);
      },
      NO_NESTED_ARRAYS,
    );
  });

  describe('a filter is refused', () => {
    const refused: readonly (readonly [filter: Document, code: number, deviations?: Deviations])[] = [
      [{ $unknown: 1 }, 2],
      [{ a: { $unknown: 1 } }, 2],
      [{ $and: [] }, 2],
      [{ $or: [1] }, 2],
      [{ $and: { a: 1 } }, 2],
      [{ a: { $in: 1 } }, 2],
      [{ a: { $all: 1 } }, 2],
      [{ a: { $size: -1 } }, 2],
      [{ a: { $size: 1.5 } }, 2],
      [{ a: { $mod: [0, 1] } }, 2],
      [{ a: { $mod: [1] } }, 2],
      [{ a: { $not: 1 } }, 2],
      [{ a: { $not: {} } }, 2, { ferretdb: 'takes it' }],
      [{ a: { $type: 'nonsense' } }, 2],
      [{ a: { $elemMatch: 1 } }, 2],
      [{ a: { $options: 'i' } }, 2, { ferretdb: 'takes it' }],
      [{ a: { $regex: 5 } }, 2],
      [{ a: { $gt: /x/ } }, 2],
      [{ a: { $regex: '(' } }, 51091],
    ];
    for (const [filter, code, deviations] of refused) {
      const name = JSON.stringify(filter, (_, value: unknown) => (value instanceof RegExp ? String(value) : value));
      guarantee(
        context,
        `${name} by ${code}`,
        async () => {
          const collection = await context.filled('refused', [{ a: 1 }]);
          expect(await codeOf(collection.find(filter).toArray())).toBe(code);
        },
        deviations,
      );
    }
  });
}
