import { BsonType, Rank, rankOf } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { itemsOf } from '../bson/elements.js';
import { FieldPath } from '../bson/field-path.js';
import { encodeValue } from '../bson/key-encoding.js';
import { double, string } from '../bson/make-cell.js';
import type { Comparison, Filter, Pattern, ValueTest } from '../query/filter.js';
import {
  above,
  below,
  EMPTY_ARRAY_POINT,
  EVERYTHING,
  intersection,
  type Interval,
  ofRank,
  point,
  union,
  withPrefix,
} from './interval.js';

/** Undefined where a condition says nothing about the indexed values. */
type Bounds = readonly Interval[] | undefined;

const NOT_A_NUMBER = double(NaN);
const TOP: readonly Interval[] = [EVERYTHING];

/** An array is indexed by its items; one that is itself an item is indexed whole. */
function equalTo(value: Cell): readonly Interval[] {
  if (value.type !== BsonType.array) return [point(value)];
  const [first] = itemsOf(value);
  return union([first === undefined ? EMPTY_ARRAY_POINT : point(first), point(value)]);
}

/** The numbers below some number: NaN, the smallest key, is not among them. */
const properNumbers = above(ofRank(Rank.number), NOT_A_NUMBER, false);

function ordered(operator: Exclude<Comparison, 'eq'>, value: Cell): readonly Interval[] {
  const rank = rankOf(value.type);
  const inclusive = operator === 'gte' || operator === 'lte';
  if (rank === Rank.minKey || rank === Rank.maxKey || rank === Rank.array) return TOP;
  if (rank === Rank.null || Number.isNaN(value.type === BsonType.double ? value.toNumber() : 0)) {
    return inclusive ? [point(value)] : [];
  }
  const within = rank === Rank.number ? properNumbers : ofRank(rank);
  return [operator === 'lt' || operator === 'lte' ? below(within, value, inclusive) : above(within, value, inclusive)];
}

/** Strings that can match, and the regular expression itself as a stored value. */
function matching({ prefix, source }: Pattern): readonly Interval[] {
  const strings = prefix === undefined ? ofRank(Rank.string) : withPrefix(encodeValue(string(prefix)).subarray(0, -1));
  return union([strings, source.type === BsonType.regex ? point(source) : ofRank(Rank.regex)]);
}

function boundsOfTest(test: ValueTest): Bounds {
  switch (test.kind) {
    case 'compare':
      return test.operator === 'eq' ? equalTo(test.value) : ordered(test.operator, test.value);
    case 'in':
      return union([...test.values.flatMap(equalTo), ...test.patterns.flatMap(matching)]);
    case 'regex':
      return matching(test.pattern);
    default:
      return undefined;
  }
}

/** The conditions which `$elemMatch` sets on fields below its path. */
function boundsWithin(outer: FieldPath | undefined, test: ValueTest, path: FieldPath): Bounds {
  if (outer === undefined || test.kind !== 'someObject' || !path.startsWith(outer) || path.text === outer.text) {
    return undefined;
  }
  return boundsFor(test.filter, new FieldPath(path.text.slice(outer.text.length + 1)), true);
}

/** All must hold: together, or, where an array is indexed, any one of them (different items may satisfy each). */
function boundsOfAll(parts: readonly Filter[], path: FieldPath, isArray: boolean): Bounds {
  const found = parts.map((part) => boundsFor(part, path, isArray)).filter((bounds) => bounds !== undefined);
  if (!isArray) return found.length === 0 ? undefined : found.reduce(intersection);
  return found.find((bounds) => bounds.every((interval) => interval.point)) ?? found[0];
}

function boundsOfAny(parts: readonly Filter[], path: FieldPath, isArray: boolean): Bounds {
  const all: Interval[] = [];
  for (const part of parts) {
    const bounds = boundsFor(part, path, isArray);
    if (bounds === undefined) return undefined;
    all.push(...bounds);
  }
  return union(all);
}

/**
 * The index keys which a document can have at `path` if it passes the filter; undefined when that says nothing. The
 * bounds may be too wide, never too narrow: the filter is applied to every document that is found.
 * @param isArray whether some indexed document has an array on that path
 */
export function boundsFor(filter: Filter, path: FieldPath, isArray: boolean): Bounds {
  switch (filter.kind) {
    case 'and':
      return boundsOfAll(filter.parts, path, isArray);
    case 'or':
      return boundsOfAny(filter.parts, path, isArray);
    case 'field':
      return filter.path?.text === path.text ? boundsOfTest(filter.test) : boundsWithin(filter.path, filter.test, path);
    case 'never':
      return [];
    default:
      return undefined;
  }
}

/** Whether the bounds of a test are exactly the values that pass it, provided no array is indexed. */
export function isExact(test: ValueTest): boolean {
  if (test.kind === 'compare') return isExactOperand(test.value);
  return test.kind === 'in' && test.patterns.length === 0 && test.values.every(isExactOperand);
}

const isExactOperand = ({ type }: Cell): boolean =>
  type !== BsonType.array && type !== BsonType.minKey && type !== BsonType.maxKey;
