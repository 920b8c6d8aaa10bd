import { BsonType, typeName } from '../bson/bson-type.js';
import { arrayOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { itemsOf } from '../bson/elements.js';
import { bool, int32, NULL } from '../bson/make-cell.js';
import { valueKey } from '../bson/key-encoding.js';
import { compareCells } from '../bson/value-order.js';
import { MongoFault } from '../mongo-fault.js';
import { averageOf, sumOf } from './accumulate.js';
import { isNullish, isTruthy } from './expression.js';
import { operator, type OperatorParser, type Operators, type Value } from './operator.js';

const MANY = Number.MAX_SAFE_INTEGER;
const MAX_RANGE = 1_000_000;

function requireItems(name: string, value: Value, code: number): readonly Cell[] {
  if (value?.type !== BsonType.array) {
    const found = value === undefined ? 'missing' : typeName(value.type);
    throw new MongoFault(code, `The argument to ${name} must be an array, but was of type: ${found}`);
  }
  return itemsOf(value);
}

const number = (name: string, value: Value): number => {
  if (value === undefined || !value.isNumber) throw new MongoFault(28690, `${name}'s position must be a number`);
  return Math.trunc(value.toNumber());
};

function elementAt(array: Value, index: Value): Value {
  if (isNullish(array) || isNullish(index)) return NULL;
  return requireItems('$arrayElemAt', array, 28689).at(number('$arrayElemAt', index));
}

const end = (name: string, index: number): OperatorParser =>
  operator(name, 1, 1, (array) => (isNullish(array) ? NULL : requireItems(name, array, 28689).at(index)));

function slice(array: Value, first: Value, second: Value): Value {
  if (isNullish(array) || isNullish(first)) return NULL;
  const items = requireItems('$slice', array, 28724);
  const n = number('$slice', first);
  if (second === undefined) return arrayOf(n >= 0 ? items.slice(0, n) : items.slice(n));
  const count = number('$slice', second);
  if (count <= 0) throw new MongoFault(28729, 'Third argument to $slice must be positive');
  const from = n >= 0 ? n : Math.max(0, items.length + n);
  return arrayOf(items.slice(from, from + count));
}

function concatArrays(...arrays: Value[]): Value {
  const items: Cell[] = [];
  for (const array of arrays) {
    if (isNullish(array)) return NULL;
    items.push(...requireItems('$concatArrays', array, 28664));
  }
  return arrayOf(items);
}

function range(from: Value, to: Value, step: Value): Value {
  const [start, stop, by] = [
    number('$range', from),
    number('$range', to),
    step === undefined ? 1 : number('$range', step),
  ];
  if (by === 0) throw new MongoFault(34449, '$range requires a non-zero step value');
  const count = Math.max(0, Math.ceil((stop - start) / by));
  if (count > MAX_RANGE) throw new MongoFault(292, `$range would make more than ${String(MAX_RANGE)} items`);
  return arrayOf(Array.from({ length: count }, (_, index) => int32(start + index * by)));
}

/** Distinct items in MongoDB's order: the sets of set operators have no order of their own. */
const setOf = (items: readonly Cell[]): Cell =>
  arrayOf([...new Map(items.map((item) => [valueKey(item), item])).values()].sort(compareCells));

const setOperator = (name: string, combine: (sets: readonly (readonly Cell[])[]) => readonly Cell[]): OperatorParser =>
  operator(name, 0, MANY, (...arrays) =>
    arrays.some(isNullish) ? NULL : setOf(combine(arrays.map((array) => requireItems(name, array, 17043)))),
  );

function intersect(sets: readonly (readonly Cell[])[]): readonly Cell[] {
  const [first = [], ...others] = sets;
  const keys = others.map((set) => new Set(set.map(valueKey)));
  return first.filter((item) => keys.every((set) => set.has(valueKey(item))));
}

const contains = (items: readonly Cell[], wanted: Value): boolean =>
  wanted !== undefined && items.some((item) => compareCells(item, wanted) === 0);

/** The values to aggregate: of one array operand its items, otherwise the operands themselves. */
const spread = (values: readonly Value[]): readonly Value[] =>
  values.length === 1 && values[0]?.type === BsonType.array ? itemsOf(values[0]) : values;

function extreme(values: readonly Value[], sign: number): Value {
  const present = spread(values).filter((value): value is Cell => !isNullish(value));
  if (present.length === 0) return NULL;
  return present.reduce((best, value) => (compareCells(value, best) * sign > 0 ? value : best));
}

/** Array and set operators, and the accumulators which are also operators over an array. */
export const ARRAYS: Operators = {
  $size: operator('$size', 1, 1, (array) => int32(requireItems('$size', array, 17124).length)),
  $arrayElemAt: operator('$arrayElemAt', 2, 2, elementAt),
  $first: end('$first', 0),
  $last: end('$last', -1),
  $in: operator('$in', 2, 2, (wanted, array) => bool(contains(requireItems('$in', array, 40081), wanted))),
  $isArray: operator('$isArray', 1, 1, (value) => bool(value?.type === BsonType.array)),
  $slice: operator('$slice', 2, 3, slice),
  $concatArrays: operator('$concatArrays', 0, MANY, concatArrays),
  $reverseArray: operator('$reverseArray', 1, 1, (array) =>
    isNullish(array) ? NULL : arrayOf([...requireItems('$reverseArray', array, 34435)].reverse()),
  ),
  $range: operator('$range', 2, 3, range),
  $setUnion: setOperator('$setUnion', (sets) => sets.flat()),
  $setIntersection: setOperator('$setIntersection', intersect),
  $setDifference: setOperator('$setDifference', ([left = [], right = []]) => {
    const excluded = new Set(right.map(valueKey));
    return left.filter((item) => !excluded.has(valueKey(item)));
  }),
  $anyElementTrue: operator('$anyElementTrue', 1, 1, (array) =>
    bool(requireItems('$anyElementTrue', array, 17041).some(isTruthy)),
  ),
  $allElementsTrue: operator('$allElementsTrue', 1, 1, (array) =>
    bool(requireItems('$allElementsTrue', array, 17040).every(isTruthy)),
  ),
  $sum: operator('$sum', 0, MANY, (...values) => sumOf(spread(values))),
  $avg: operator('$avg', 0, MANY, (...values) => averageOf(spread(values))),
  $min: operator('$min', 0, MANY, (...values) => extreme(values, -1)),
  $max: operator('$max', 0, MANY, (...values) => extreme(values, 1)),
};
