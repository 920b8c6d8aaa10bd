import { describe, expect } from 'vitest';
import { Long } from './bson-values.js';
import { type Deviations, type Document, type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf } from './server-failure.js';

const MAILS = [
  { _id: 1, box: 'a', size: 10, tags: ['x', 'y'], from: { name: 'aiko' } },
  { _id: 2, box: 'b', size: 20, tags: ['y'], from: { name: 'ben' } },
  { _id: 3, box: 'a', size: 30, tags: [], from: { name: 'aiko' } },
  { _id: 4, box: 'b', size: 40.5 },
  { _id: 5, size: 'huge', tags: 'z' },
];

type Case = readonly [name: string, pipeline: Document[], result: readonly Document[], deviations?: Deviations];

const byId = { $sort: { _id: 1 } };
const FERRET_ACCUMULATORS = { ferretdb: 'knows only $sum and $count in $group' };
const FERRET_STAGE = { ferretdb: 'does not know the stage' };

const CASES: readonly Case[] = [
  ['$match', [{ $match: { box: 'a' } }, { $project: { _id: 1 } }, byId], [{ _id: 1 }, { _id: 3 }]],
  ['$match twice', [{ $match: { box: 'a' } }, { $match: { size: 30 } }, { $project: { _id: 1 } }], [{ _id: 3 }]],
  [
    '$sort, $skip, $limit',
    [{ $sort: { size: -1, _id: 1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { _id: 1 } }],
    [{ _id: 4 }, { _id: 3 }],
  ],
  ['$count', [{ $match: { box: 'b' } }, { $count: 'n' }], [{ n: 2 }]],
  ['$count of nothing', [{ $match: { box: 'none' } }, { $count: 'n' }], []],
  [
    '$group with $sum and $count',
    [{ $group: { _id: '$box', total: { $sum: '$size' }, n: { $sum: 1 } } }, byId],
    [
      { _id: null, total: 0, n: 1 },
      { _id: 'a', total: 40, n: 2 },
      { _id: 'b', total: 60.5, n: 2 },
    ],
    { ferretdb: 'gives 0 for { $sum: 1 }' },
  ],
  ['$group of all', [{ $group: { _id: null, n: { $count: {} } } }], [{ _id: null, n: 5 }]],
  [
    '$group with $avg, $min, $max',
    [
      { $match: { box: 'a' } },
      { $group: { _id: '$box', avg: { $avg: '$size' }, min: { $min: '$size' }, max: { $max: '$size' } } },
    ],
    [{ _id: 'a', avg: 20, min: 10, max: 30 }],
    FERRET_ACCUMULATORS,
  ],
  [
    '$group with $first, $last, $push, $addToSet',
    [
      { $sort: { _id: 1 } },
      {
        $group: {
          _id: '$from.name',
          first: { $first: '$_id' },
          last: { $last: '$_id' },
          all: { $push: '$_id' },
          boxes: { $addToSet: '$box' },
        },
      },
      byId,
      { $match: { _id: 'aiko' } },
    ],
    [{ _id: 'aiko', first: 1, last: 3, all: [1, 3], boxes: ['a'] }],
    FERRET_ACCUMULATORS,
  ],
  [
    '$group by a document',
    [{ $match: { box: 'a' } }, { $group: { _id: { box: '$box', who: '$from.name' }, n: { $sum: 1 } } }],
    [{ _id: { box: 'a', who: 'aiko' }, n: 2 }],
  ],
  [
    '$project with computed fields',
    [{ $match: { _id: 1 } }, { $project: { _id: 0, who: '$from.name', twice: { $multiply: ['$size', 2] } } }],
    [{ who: 'aiko', twice: 20 }],
    { ferretdb: 'knows no $multiply' },
  ],
  [
    '$project that leaves out',
    [{ $match: { _id: 1 } }, { $project: { tags: 0, from: 0 } }],
    [{ _id: 1, box: 'a', size: 10 }],
  ],
  [
    '$addFields, nested, in place',
    [{ $match: { _id: 1 } }, { $addFields: { size: '$_id', 'from.host': 'h' } }, { $project: { tags: 0 } }],
    [{ _id: 1, box: 'a', size: 1, from: { name: 'aiko', host: 'h' } }],
    { ferretdb: 'knows no paths there' },
  ],
  [
    '$set and $unset',
    [{ $match: { _id: 4 } }, { $set: { more: 1 } }, { $unset: ['box', 'size'] }],
    [{ _id: 4, more: 1 }],
  ],
  [
    '$unwind',
    [{ $unwind: '$tags' }, { $project: { tags: 1 } }, { $sort: { _id: 1, tags: 1 } }],
    [
      { _id: 1, tags: 'x' },
      { _id: 1, tags: 'y' },
      { _id: 2, tags: 'y' },
      { _id: 5, tags: 'z' },
    ],
  ],
  [
    '$unwind that keeps the empty, with positions',
    [
      { $match: { _id: { $in: [1, 3, 4] } } },
      { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true, includeArrayIndex: 'at' } },
      { $project: { tags: 1, at: 1 } },
      { $sort: { _id: 1, at: 1 } },
    ],
    [
      { _id: 1, tags: 'x', at: 0 },
      { _id: 1, tags: 'y', at: 1 },
      { _id: 3, at: null },
      { _id: 4, at: null },
    ],
    { ferretdb: 'takes only a path' },
  ],
  ['$replaceRoot', [{ $match: { _id: 1 } }, { $replaceRoot: { newRoot: '$from' } }], [{ name: 'aiko' }], FERRET_STAGE],
  ['$replaceWith', [{ $match: { _id: 1 } }, { $replaceWith: { a: '$_id' } }], [{ a: 1 }], FERRET_STAGE],
  [
    '$sortByCount',
    [{ $match: { box: { $exists: true } } }, { $sortByCount: '$from.name' }, { $limit: 1 }],
    [{ _id: 'aiko', count: 2 }],
    FERRET_STAGE,
  ],
  [
    '$facet',
    [
      {
        $facet: {
          boxes: [{ $match: { box: 'a' } }, { $count: 'n' }],
          first: [{ $sort: { _id: 1 } }, { $limit: 1 }, { $project: { _id: 1 } }],
        },
      },
    ],
    [{ boxes: [{ n: 2 }], first: [{ _id: 1 }] }],
    FERRET_STAGE,
  ],
  ['an empty pipeline', [{ $match: { _id: 4 } }], [{ _id: 4, box: 'b', size: 40.5 }]],
];

/** Pipelines. */
export function aggregateGuarantees(context: DocumentStoreContext): void {
  describe.each([
    ['', undefined],
    [' with an index', { box: 1, size: -1 }],
  ] as const)('aggregate%s', (_name, index) => {
    for (const [name, pipeline, result, deviations] of CASES) {
      guarantee(
        context,
        name,
        async () => {
          const collection = await context.filled('mails', MAILS);
          if (index !== undefined) await collection.createIndex({ ...index });
          expect(await collection.aggregate(pipeline).toArray()).toEqual(result);
        },
        deviations,
      );
    }
  });

  describe('aggregate', () => {
    guarantee(
      context,
      '$lookup joins by equality, arrays by their items, missing with null',
      async () => {
        const people = await context.filled('people', [
          { _id: 'x', n: 1 },
          { _id: 'y', n: 2 },
          { _id: 'z', n: 3, key: null },
        ]);
        const mails = await context.filled('mails', MAILS);
        const lookup = { from: people.collectionName, localField: 'tags', foreignField: '_id', as: 'people' };
        const joined = await mails.aggregate([{ $lookup: lookup }, byId, { $project: { n: '$people.n' } }]).toArray();
        expect(joined).toEqual([
          { _id: 1, n: [1, 2] },
          { _id: 2, n: [2] },
          { _id: 3, n: [] },
          { _id: 4, n: [] },
          { _id: 5, n: [3] },
        ]);
        const piped = { ...lookup, pipeline: [{ $match: { n: { $gt: 1 } } }, { $project: { _id: 0, n: 1 } }] };
        const [first] = await mails.aggregate([{ $match: { _id: 1 } }, { $lookup: piped }]).toArray();
        expect(first?.['people']).toEqual([{ n: 2 }]);
      },
      FERRET_STAGE,
    );

    guarantee(context, 'sums keep to whole numbers as wide as they must be', async () => {
      const collection = await context.filled('sums', [{ n: 2147483647 }, { n: 1 }, { n: Long.fromNumber(5) }]);
      const [sum] = await collection
        .aggregate([{ $group: { _id: null, n: { $sum: '$n' } } }], { promoteValues: false })
        .toArray();
      expect(sum?.['n']).toEqual(Long.fromNumber(2147483653));
    });

    guarantee(context, 'results larger than a batch come in batches', async () => {
      const collection = await context.filled(
        'many',
        Array.from({ length: 1000 }, (_, n) => ({ _id: n })),
      );
      const result = await collection.aggregate([{ $match: {} }, { $sort: { _id: -1 } }], { batchSize: 90 }).toArray();
      expect(result.map(({ _id }) => _id as number)).toEqual(Array.from({ length: 1000 }, (_, n) => 999 - n));
    });

    const refused: readonly (readonly [pipeline: Document[], code: number, deviations?: Deviations])[] = [
      [[{ $nonsense: 1 }], 40324, { ferretdb: 'answers 40234' }],
      [[{ $match: {}, $sort: {} }], 40323],
      [[{ $limit: 0 }], 15958],
      [[{ $group: { n: { $sum: 1 } } }], 15955],
      [[{ $group: { _id: null, n: 5 } }], 40234],
      [[{ $group: { _id: null, n: { $nonsense: 1 } } }], 15952, { ferretdb: 'answers another code' }],
      [[{ $project: { a: { $nonsense: 1 } } }], 31325],
      [[{ $addFields: { a: { $nonsense: 1 } } }], 168, { ferretdb: 'takes it' }],
      [[{ $project: { a: { $add: [{ $nonsense: 1 }, 1] } } }], 168, { ferretdb: 'answers another code' }],
      [[{ $project: {} }], 51272],
      [[{ $count: 1 }], 40156],
      [[{ $count: '' }], 40157],
      [[{ $count: '$n' }], 40158],
      [[{ $count: 'a.b' }], 40160],
      [[{ $unwind: 'tags' }], 28818],
      [[{ $match: { $unknown: 1 } }], 2],
      [[{ $replaceRoot: { newRoot: '$box' } }], 40228, FERRET_STAGE],
    ];
    for (const [pipeline, code, deviations] of refused) {
      guarantee(
        context,
        `${JSON.stringify(pipeline)} is refused by ${code}`,
        async () => {
          const collection = await context.filled('refused', MAILS);
          expect(await codeOf(collection.aggregate(pipeline).toArray())).toBe(code);
        },
        deviations,
      );
    }
  });
}
