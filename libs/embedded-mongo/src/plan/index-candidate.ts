import { ABOVE_REST, BELOW_REST } from '../bson/key-encoding.js';
import { conjuncts, type Filter } from '../query/filter.js';
import type { KeyField } from '../store/index-keys.js';
import type { StoredIndex } from '../store/stored-index.js';
import { boundsFor, isExact } from './field-bounds.js';
import { holdsAllMatches } from './index-completeness.js';
import { edgeBytes, EVERYTHING, type Interval } from './interval.js';

/** Keys from `low` (included) to `high` (excluded). */
export interface KeyRange {
  readonly low: Buffer;
  readonly high: Buffer;
}

/** How an index would answer a query. */
export interface IndexCandidate {
  readonly index: StoredIndex;
  /** In key order, without overlap. */
  readonly ranges: readonly KeyRange[];
  /** How many leading fields are narrowed. */
  readonly boundFields: number;
  /** 1 or -1 when reading the keys forwards or backwards gives the wanted order, otherwise 0. */
  readonly order: -1 | 0 | 1;
  /** Whether the ranges hold exactly the documents that pass the filter. */
  readonly exact: boolean;
  /** Whether at most one document can be found: a unique index with a single value for every field. */
  readonly single: boolean;
}

/** Combinations of `$in` lists beyond this are read as one range and filtered. */
const MAX_RANGES = 1000;

const nothing = Buffer.alloc(0);
const WHOLE_RANGE: KeyRange = { low: edgeBytes(EVERYTHING.low, false), high: edgeBytes(EVERYTHING.high, false) };

const rangeOf = (prefix: Buffer, { low, high }: Interval, descending: boolean): KeyRange => ({
  low: Buffer.concat([prefix, edgeBytes(descending ? high : low, descending)]),
  high: Buffer.concat([prefix, edgeBytes(descending ? low : high, descending)]),
});

/** The encoded component of an interval that holds one value. */
function component({ low }: Interval, descending: boolean): Buffer {
  return edgeBytes(low, descending).subarray(0, -1);
}

const byLow = (a: KeyRange, b: KeyRange): number => a.low.compare(b.low);

interface Narrowing {
  readonly ranges: readonly KeyRange[];
  /** The bounds of each narrowed leading field. */
  readonly bounds: readonly (readonly Interval[])[];
}

/** Narrows field after field: fields with single values lead on to the next, a range ends it. */
function narrow(index: StoredIndex, filter: Filter): Narrowing {
  let prefixes: readonly Buffer[] = [nothing];
  const bounds: (readonly Interval[])[] = [];
  let arraySeen = false;
  for (const [position, { path, descending }] of index.definition.fields.entries()) {
    const isArray = (index.arrays & (1 << position)) !== 0;
    // Two fields of one array are keyed item by item; conditions on both may be met by different items
    const intervals = isArray && arraySeen ? undefined : boundsFor(filter, path, isArray);
    if (intervals === undefined) break;
    arraySeen ||= isArray;
    bounds.push(intervals);
    const isPoints = intervals.every((interval) => interval.point);
    if (!isPoints || prefixes.length * intervals.length > MAX_RANGES) {
      const ranges = prefixes.flatMap((prefix) => intervals.map((interval) => rangeOf(prefix, interval, descending)));
      return { ranges: ranges.sort(byLow), bounds };
    }
    prefixes = prefixes.flatMap((prefix) =>
      intervals.map((interval) => Buffer.concat([prefix, component(interval, descending)])),
    );
  }
  if (bounds.length === 0) return { ranges: [WHOLE_RANGE], bounds };
  const ranges = prefixes.map((prefix) => ({
    low: Buffer.concat([prefix, Buffer.from([BELOW_REST])]),
    high: Buffer.concat([prefix, Buffer.from([ABOVE_REST])]),
  }));
  return { ranges: ranges.sort(byLow), bounds };
}

/**
 * Whether reading the index gives documents in the order of `sort`, and in which direction. A field with a single value
 * is passed over: all documents found have the same there.
 */
function orderOf(index: StoredIndex, bounds: Narrowing['bounds'], sort: readonly KeyField[]): -1 | 0 | 1 {
  const { fields } = index.definition;
  const isArray = (position: number): boolean => (index.arrays & (1 << position)) !== 0;
  const isSingle = (position: number): boolean => bounds[position]?.length === 1 && bounds[position][0]?.point === true;
  const isConstant = ({ path }: KeyField): boolean =>
    fields.some((field, position) => field.path.text === path.text && isSingle(position) && !isArray(position));
  const wanted = sort.filter((field) => !isConstant(field));
  const given = fields.map((field, position) => ({ field, position })).filter(({ position }) => !isSingle(position));
  const isGiven = wanted.every(({ path }, step) => {
    const next = given[step];
    return next?.field.path.text === path.text && !isArray(next.position);
  });
  if (!isGiven) return 0;
  const turned = wanted.map(({ descending }, step) => given[step]?.field.descending !== descending);
  if (!turned.includes(true)) return 1;
  return turned.includes(false) ? 0 : -1;
}

/** Whether every condition of the filter is expressed by the bounds of the narrowed fields alone. */
function isCovered(index: StoredIndex, filter: Filter, boundFields: number): boolean {
  if (index.arrays !== 0) return false;
  const bound = new Set(index.definition.fields.slice(0, boundFields).map(({ path }) => path.text));
  return conjuncts(filter).every(
    (part) => part.kind === 'field' && part.path !== undefined && bound.has(part.path.text) && isExact(part.test),
  );
}

/** How the index would answer; undefined when documents could be missed. */
export function candidateOf(index: StoredIndex, filter: Filter, sort: readonly KeyField[]): IndexCandidate | undefined {
  if (!holdsAllMatches(index, filter)) return undefined;
  const { ranges, bounds } = narrow(index, filter);
  const boundFields = bounds.length;
  const isSingle = bounds.every((intervals) => intervals.length === 1 && intervals[0]?.point === true);
  return {
    index,
    ranges,
    boundFields,
    order: orderOf(index, bounds, sort),
    exact: isCovered(index, filter, boundFields),
    single: index.unique && index.arrays === 0 && isSingle && boundFields === index.definition.fields.length,
  };
}
