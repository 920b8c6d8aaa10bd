import { BsonType, Rank, rankOf } from './bson-type.js';
import type { Cell } from './cell.js';
import { encodeValue } from './key-encoding.js';

function compareNumbers(a: Cell, b: Cell): number {
  if (a.type === BsonType.int64 || b.type === BsonType.int64) return encodeValue(a).compare(encodeValue(b));
  const x = a.toNumber();
  const y = b.toNumber();
  if (x < y) return -1;
  if (x > y) return 1;
  if (x === y) return 0;
  return Number(Number.isNaN(y)) - Number(Number.isNaN(x)); // NaN is the smallest number and equal to itself
}

const compareRange = (a: Cell, b: Cell, skip: number): number =>
  a.buffer.compare(b.buffer, b.start + skip, b.end, a.start + skip, a.end);

const compareBytes = (a: Cell, b: Cell): number => compareRange(a, b, 0);
const compareDates = (a: Cell, b: Cell): number => a.toMillis() - b.toMillis();
const compareEncodings = (a: Cell, b: Cell): number => encodeValue(a).compare(encodeValue(b));

/** Shortcuts for the kinds that can be compared as they lie; the rest is compared by its encoding. */
const COMPARE: Readonly<Record<number, (a: Cell, b: Cell) => number>> = {
  [Rank.number]: compareNumbers,
  [Rank.string]: (a, b) => compareRange(a, b, 4),
  [Rank.objectId]: compareBytes,
  [Rank.bool]: compareBytes,
  [Rank.null]: compareBytes,
  [Rank.minKey]: compareBytes,
  [Rank.maxKey]: compareBytes,
  [Rank.date]: compareDates,
};

/**
 * Compares two values in MongoDB's order across all types; negative, zero or positive. A missing value counts as null.
 */
export function compareCells(a: Cell | undefined, b: Cell | undefined): number {
  const rankA = rankOf(a?.type ?? BsonType.null);
  const rankB = rankOf(b?.type ?? BsonType.null);
  if (rankA !== rankB) return rankA - rankB;
  if (a === undefined || b === undefined) return 0;
  return (COMPARE[rankA] ?? compareEncodings)(a, b);
}

/** Whether MongoDB holds two values equal: numbers across types, documents with their key order. */
export const areEqual = (a: Cell | undefined, b: Cell | undefined): boolean => compareCells(a, b) === 0;
