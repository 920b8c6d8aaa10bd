import { describe, expect } from 'vitest';
import { found } from './finding.js';
import {
  type Document,
  type DocumentStoreContext,
  guarantee,
  NO_NESTED_ARRAYS,
  type Deviations,
} from './running-document-store.js';

/** One document for each way in which `a` and `a.b` can be there or not. */
const DOCUMENTS: readonly Document[] = [
  { _id: 'missing' },
  { _id: 'null', a: null },
  { _id: 'number', a: 4 },
  { _id: 'empty object', a: {} },
  { _id: 'b null', a: { b: null } },
  { _id: 'b text', a: { b: 'hi' } },
  { _id: 'empty array', a: [] },
  { _id: 'array with null', a: [1, null] },
  { _id: 'array without null', a: [1, 2] },
  { _id: 'objects with b', a: [{ b: 1 }, { b: 2 }] },
  { _id: 'objects, one without b', a: [{ b: 1 }, {}] },
  { _id: 'objects, one b null', a: [{ b: 1 }, { b: null }] },
];

const others = (ids: readonly string[]): string[] =>
  DOCUMENTS.map(({ _id }) => _id as string).filter((id) => !ids.includes(id));

const NULLISH = ['missing', 'null', 'array with null'];
const B_NULLISH = [
  'missing',
  'null',
  'number',
  'empty object',
  'b null',
  'objects, one without b',
  'objects, one b null',
];
const B_MISSING = ['missing', 'null', 'number', 'empty object', 'empty array', 'array with null', 'array without null'];

const SCALARS = { ferretdb: 'takes an array of values for an object without the field' };
const ELEM_MATCH = { ferretdb: 'knows $elemMatch only with operators' };

const CASES: readonly (readonly [filter: Document, ids: readonly string[], deviations?: Deviations])[] = [
  [{ a: null }, NULLISH],
  [{ a: { $eq: null } }, NULLISH],
  [{ a: { $ne: null } }, others(NULLISH)],
  [{ a: { $in: [null, 4] } }, [...NULLISH, 'number']],
  [{ a: { $nin: [null, 4] } }, others([...NULLISH, 'number'])],
  [{ a: { $gte: null } }, NULLISH],
  [{ a: { $gt: null } }, []],
  [{ a: { $not: { $gte: null } } }, others(NULLISH)],
  [{ a: { $exists: false } }, ['missing']],
  [{ a: { $exists: true } }, others(['missing'])],
  [{ a: { $type: 'null' } }, ['null', 'array with null']],
  [{ $or: [{ a: null }, { a: 4 }] }, [...NULLISH, 'number']],
  [{ 'a.b': null }, B_NULLISH, SCALARS],
  [{ 'a.b': { $ne: null } }, others(B_NULLISH), SCALARS],
  [{ 'a.b': { $in: [null, 75] } }, B_NULLISH, SCALARS],
  [{ 'a.b': { $exists: false } }, B_MISSING],
  [{ a: { $elemMatch: { $eq: null } } }, ['array with null']],
  [{ a: { $elemMatch: { b: null } } }, ['objects, one without b', 'objects, one b null'], ELEM_MATCH],
  [
    { a: { $elemMatch: { b: { $ne: null } } } },
    ['objects with b', 'objects, one without b', 'objects, one b null'],
    ELEM_MATCH,
  ],
  [{ 'a.b': { $elemMatch: { $eq: null } } }, []],
];

const INDEXES: readonly [name: string, index: Document | undefined, options?: Document, deviations?: Deviations][] = [
  ['without an index', undefined],
  ['with an index on a', { a: 1 }],
  ['with a descending index on a.b', { 'a.b': -1 }],
  ['with a compound index', { 'a.b': 1, _id: 1 }],
  ['with a sparse index', { a: 1 }, { sparse: true }],
  [
    'with a partial index',
    { 'a.b': 1 },
    { partialFilterExpression: { a: { $exists: true } } },
    { ferretdb: 'knows no partial indexes' },
  ],
];

/** Null, missing, and fields of things that have none. */
export function nullGuarantees(context: DocumentStoreContext): void {
  describe.each(INDEXES)('null and missing %s', (_name, index, options, indexDeviations) => {
    guarantee(
      context,
      'an array in an array counts as an object without fields in $elemMatch, and has no fields otherwise',
      async () => {
        const collection = await context.filled('nested', [{ _id: 'nested', a: [[]] }]);
        if (index !== undefined) await collection.createIndex({ ...index }, { ...options });
        expect(await found(collection, { a: { $elemMatch: { b: null } } })).toEqual(['nested']);
        expect(await found(collection, { 'a.b': null })).toEqual([]);
        expect(await found(collection, { 'a.b': { $exists: false } })).toEqual(['nested']);
        expect(await found(collection, { a: null })).toEqual([]);
      },
      NO_NESTED_ARRAYS,
    );

    for (const [filter, ids, deviations] of CASES) {
      guarantee(
        context,
        `${JSON.stringify(filter)} finds ${ids.length} of ${DOCUMENTS.length}`,
        async () => {
          const collection = await context.filled('nulls', DOCUMENTS);
          if (index !== undefined) await collection.createIndex({ ...index }, { ...options });
          expect(await found(collection, filter)).toEqual([...ids].sort());
          expect(await collection.countDocuments(filter)).toBe(ids.length);
        },
        { ...deviations, ...indexDeviations },
      );
    }
  });
}
