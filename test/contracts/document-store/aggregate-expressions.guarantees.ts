import { describe, expect } from 'vitest';
import { ObjectId } from './bson-values.js';
import { type DocumentStoreContext, guarantee } from './running-document-store.js';
import { codeOf } from './server-failure.js';

const ID = new ObjectId('65a1b2c3d4e5f60718293a4b');
/** 2026-02-03 04:05:06.789 in UTC, a Tuesday; 13:05 in Tokyo. */
const AT = new Date('2026-02-03T04:05:06.789Z');
const NEW_YEAR_TOKYO = new Date('2025-12-31T15:30:00Z');

const DOCUMENT = {
  n: 7,
  m: -2.5,
  s: 'Hello',
  j: '日本語',
  l: [3, 1, 2],
  o: { a: 1, b: 'x' },
  nothing: null,
  list: [
    { k: 1, v: 'a' },
    { k: 2, v: 'b' },
  ],
  at: AT,
  eve: NEW_YEAR_TOKYO,
  id: ID,
  yes: true,
};

/** Expression and value. Undefined: the field is missing. */
const CASES: readonly (readonly [expression: unknown, value: unknown])[] = [
  ['$n', 7],
  ['$o.b', 'x'],
  ['$list.v', ['a', 'b']],
  ['$absent', undefined],
  ['$$ROOT.n', 7],
  [{ $literal: '$n' }, '$n'],
  [
    ['$n', '$absent', 1],
    [7, null, 1],
  ],
  [
    { a: '$n', b: { c: '$s' } },
    { a: 7, b: { c: 'Hello' } },
  ],
  [{ $add: ['$n', 1, '$m'] }, 5.5],
  [{ $add: ['$at', 1000] }, new Date(AT.getTime() + 1000)],
  [{ $add: ['$n', '$absent'] }, null],
  [{ $subtract: ['$n', 10] }, -3],
  [{ $subtract: ['$at', { $toDate: '1970-01-01T00:00:00Z' }] }, AT.getTime()],
  [{ $multiply: ['$n', '$n'] }, 49],
  [{ $divide: ['$n', 2] }, 3.5],
  [{ $mod: ['$n', 4] }, 3],
  [{ $abs: '$m' }, 2.5],
  [{ $ceil: '$m' }, -2],
  [{ $floor: '$m' }, -3],
  [{ $round: ['$m'] }, -2],
  [{ $round: [3.14159, 2] }, 3.14],
  [{ $trunc: '$m' }, -2],
  [{ $eq: ['$n', 7.0] }, true],
  [{ $ne: ['$n', '$s'] }, true],
  [{ $gt: ['$s', 100] }, true],
  [{ $lte: ['$absent', null] }, true],
  [{ $eq: ['$absent', null] }, false],
  [{ $cmp: [1, 2] }, -1],
  [{ $and: ['$n', true] }, true],
  [{ $and: [] }, true],
  [{ $or: ['$absent', 0] }, false],
  [{ $not: ['$nothing'] }, true],
  [{ $cond: ['$yes', 'a', 'b'] }, 'a'],
  [{ $cond: { if: '$absent', then: 'a', else: 'b' } }, 'b'],
  [{ $ifNull: ['$nothing', '$absent', 'default'] }, 'default'],
  [
    {
      $switch: {
        branches: [
          { case: false, then: 1 },
          { case: '$yes', then: 2 },
        ],
        default: 3,
      },
    },
    2,
  ],
  [{ $concat: ['$s', ', ', '$j'] }, 'Hello, 日本語'],
  [{ $concat: ['$s', '$nothing'] }, null],
  [{ $toLower: '$s' }, 'hello'],
  [{ $toUpper: '$s' }, 'HELLO'],
  [{ $substrCP: ['$j', 1, 2] }, '本語'],
  [{ $strLenCP: '$j' }, 3],
  [{ $strLenBytes: '$j' }, 9],
  [{ $split: ['a,b,c', ','] }, ['a', 'b', 'c']],
  [{ $trim: { input: '  x ' } }, 'x'],
  [{ $ltrim: { input: 'xxay', chars: 'x' } }, 'ay'],
  [{ $regexMatch: { input: '$s', regex: '^h', options: 'i' } }, true],
  [{ $regexFind: { input: '$s', regex: /l+/ } }, { match: 'll', idx: 2, captures: [] }],
  [{ $size: '$l' }, 3],
  [{ $arrayElemAt: ['$l', -1] }, 2],
  [{ $arrayElemAt: ['$l', 9] }, undefined],
  [{ $first: '$l' }, 3],
  [{ $last: '$l' }, 2],
  [{ $in: [1, '$l'] }, true],
  [{ $isArray: '$l' }, true],
  [{ $slice: ['$l', 2] }, [3, 1]],
  [{ $slice: ['$l', -1] }, [2]],
  [{ $slice: ['$l', 1, 1] }, [1]],
  [{ $concatArrays: ['$l', [9]] }, [3, 1, 2, 9]],
  [{ $reverseArray: '$l' }, [2, 1, 3]],
  [{ $range: [0, 6, 2] }, [0, 2, 4]],
  [
    {
      $setUnion: [
        [1, 2],
        [2, 3],
      ],
    },
    [1, 2, 3],
  ],
  [
    {
      $setIntersection: [
        [1, 2],
        [2, 3],
      ],
    },
    [2],
  ],
  [
    {
      $setDifference: [
        [1, 2],
        [2, 3],
      ],
    },
    [1],
  ],
  [{ $anyElementTrue: [[0, 1]] }, true],
  [{ $allElementsTrue: [[0, 1]] }, false],
  [{ $sum: '$l' }, 6],
  [{ $avg: '$l' }, 2],
  [{ $min: '$l' }, 1],
  [{ $max: ['$n', '$m', 3] }, 7],
  [{ $map: { input: '$l', as: 'x', in: { $multiply: ['$$x', 2] } } }, [6, 2, 4]],
  [{ $filter: { input: '$list', cond: { $gt: ['$$this.k', 1] } } }, [{ k: 2, v: 'b' }]],
  [{ $reduce: { input: '$l', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6],
  [{ $let: { vars: { x: '$n' }, in: { $add: ['$$x', 1] } } }, 8],
  [{ $mergeObjects: ['$o', { b: 'y', c: 2 }] }, { a: 1, b: 'y', c: 2 }],
  [
    { $objectToArray: '$o' },
    [
      { k: 'a', v: 1 },
      { k: 'b', v: 'x' },
    ],
  ],
  [
    {
      $arrayToObject: [
        [
          { k: 'a', v: 1 },
          { k: 'b', v: 2 },
        ],
      ],
    },
    { a: 1, b: 2 },
  ],
  [{ $getField: { field: 'a', input: '$o' } }, 1],
  [{ $type: '$absent' }, 'missing'],
  [{ $type: '$l' }, 'array'],
  [{ $toString: '$n' }, '7'],
  [{ $toString: '$id' }, '65a1b2c3d4e5f60718293a4b'],
  [{ $toString: '$at' }, '2026-02-03T04:05:06.789Z'],
  [{ $toInt: '12' }, 12],
  [{ $toDouble: '1.5' }, 1.5],
  [{ $toBool: '$n' }, true],
  [{ $toObjectId: '65a1b2c3d4e5f60718293a4b' }, ID],
  [{ $year: '$at' }, 2026],
  [{ $month: '$at' }, 2],
  [{ $dayOfMonth: '$at' }, 3],
  [{ $dayOfWeek: '$at' }, 3],
  [{ $hour: '$at' }, 4],
  [{ $hour: { date: '$at', timezone: 'Asia/Tokyo' } }, 13],
  [{ $year: { date: '$eve', timezone: 'Asia/Tokyo' } }, 2026],
  [{ $year: { date: '$eve', timezone: '+09:00' } }, 2026],
  [{ $dateToString: { date: '$at' } }, '2026-02-03T04:05:06.789Z'],
  [{ $dateToString: { date: '$eve', format: '%Y-%m-%d', timezone: 'Asia/Tokyo' } }, '2026-01-01'],
  [{ $dateToString: { date: '$at', format: '%H:%M:%S.%L %z %%', timezone: '-03:30' } }, '00:35:06.789 -0330 %'],
  [{ $dateToString: { date: '$absent', onNull: 'never' } }, 'never'],
  [{ $dateTrunc: { date: '$at', unit: 'day' } }, new Date('2026-02-03T00:00:00Z')],
  [{ $dateTrunc: { date: '$eve', unit: 'day', timezone: 'Asia/Tokyo' } }, new Date('2025-12-31T15:00:00Z')],
  [{ $dateTrunc: { date: '$at', unit: 'month' } }, new Date('2026-02-01T00:00:00Z')],
];

const REFUSED: readonly (readonly [expression: unknown, code: number])[] = [
  [{ $add: ['text', 1] }, 14],
  [{ $divide: [1, 0] }, 2],
  [{ $concat: ['a', 1] }, 16702],
  [{ $size: 5 }, 17124],
  [{ $arrayElemAt: [5, 0] }, 28689],
  [{ $toInt: 'x' }, 241],
  [{ $nonsense: 1 }, 31325],
  [{ $not: [{ $nonsense: 1 }] }, 168],
  [{ $eq: [1] }, 16020],
  [{ $add: [1], $subtract: [1, 2] }, 15983],
  [{ $dateToString: { date: new Date(0), timezone: 'Nowhere/Land' } }, 40485],
  ['$$nobody', 17276],
];

/** The expressions of `$project`, `$addFields`, `$group` and `$expr`. */
export function aggregateExpressionGuarantees(context: DocumentStoreContext): void {
  describe('an expression', () => {
    for (const [expression, value] of CASES) {
      guarantee(
        context,
        `${JSON.stringify(expression)} is ${value === undefined ? 'missing' : JSON.stringify(value)}`,
        async () => {
          const collection = await context.filled('values', [DOCUMENT]);
          const [result] = await collection.aggregate([{ $project: { _id: 0, value: expression } }]).toArray();
          expect(result).toEqual(value === undefined ? {} : { value });
        },
        { ferretdb: 'knows only $sum and $type' },
      );
    }

    for (const [expression, code] of REFUSED) {
      guarantee(
        context,
        `${JSON.stringify(expression)} is refused by ${code}`,
        async () => {
          const collection = await context.filled('values', [DOCUMENT]);
          expect(await codeOf(collection.aggregate([{ $project: { value: expression } }]).toArray())).toBe(code);
        },
        { ferretdb: 'knows only $sum and $type' },
      );
    }
  });
}
