import { Rank } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { ABOVE_REST, BELOW_REST, encodeValue } from '../bson/key-encoding.js';

/**
 * A border between encoded values: just below or just above everything that starts with `bytes`. A whole component is
 * told from a mere prefix, because what follows a component in a key is known (`key-encoding.ts`).
 */
export interface Edge {
  readonly bytes: Buffer;
  readonly above: boolean;
  readonly whole: boolean;
}

/** Values of one field from one edge to the other. */
export interface Interval {
  readonly low: Edge;
  readonly high: Edge;
  /** Whether it holds exactly one value. */
  readonly point: boolean;
}

const LOWEST = 0x05;
const HIGHEST = 0xfa;

/** The smallest byte string above everything that starts with `bytes`. */
function successor(bytes: Buffer): Buffer {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0xff) length--;
  const next = Buffer.from(bytes.subarray(0, length));
  if (length > 0) next[length - 1] = (next[length - 1] as number) + 1;
  return next;
}

const inverted = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => 0xff - byte));

/** The edge as a byte string that divides keys; in a descending field the order of everything is inverted. */
export function edgeBytes({ bytes, above, whole }: Edge, descending: boolean): Buffer {
  const body = descending ? inverted(bytes) : bytes;
  const isAbove = above !== descending;
  if (whole) return Buffer.concat([body, Buffer.from([isAbove ? ABOVE_REST : BELOW_REST])]);
  return isAbove ? successor(body) : body;
}

const compareEdges = (a: Edge, b: Edge): number => edgeBytes(a, false).compare(edgeBytes(b, false));

const edge = (bytes: Buffer, above: boolean, whole: boolean): Edge => ({ bytes, above, whole });

/** Exactly one encoded value. */
export function pointOfBytes(bytes: Buffer): Interval {
  return { low: edge(bytes, false, true), high: edge(bytes, true, true), point: true };
}

/** Exactly one value. */
export const point = (value: Cell | undefined): Interval => pointOfBytes(encodeValue(value));

/** Everything that starts with the given bytes. */
export function withPrefix(bytes: Buffer): Interval {
  return { low: edge(bytes, false, false), high: edge(bytes, true, false), point: false };
}

/** All values of one rank. */
export const ofRank = (rank: number): Interval => withPrefix(Buffer.from([rank]));

/** All values. */
export const EVERYTHING: Interval = {
  low: edge(Buffer.from([LOWEST]), false, false),
  high: edge(Buffer.from([HIGHEST]), true, false),
  point: false,
};

/** What an empty array is indexed as. */
export const EMPTY_ARRAY_POINT = pointOfBytes(Buffer.from([Rank.emptyArrayKey]));

/** The values of `within` below a value. */
export const below = (within: Interval, value: Cell, inclusive: boolean): Interval => ({
  low: within.low,
  high: edge(encodeValue(value), inclusive, true),
  point: false,
});

/** The values of `within` above a value. */
export const above = (within: Interval, value: Cell, inclusive: boolean): Interval => ({
  low: edge(encodeValue(value), !inclusive, true),
  high: within.high,
  point: false,
});

/** Sorts intervals and joins those that overlap or touch. */
export function union(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => compareEdges(a.low, b.low))) {
    const last = joined.at(-1);
    if (last === undefined || compareEdges(next.low, last.high) > 0) joined.push(next);
    else if (compareEdges(next.high, last.high) > 0)
      joined[joined.length - 1] = { low: last.low, high: next.high, point: false };
  }
  return joined;
}

/** What two sorted lists of intervals have in common. */
export function intersection(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
  const common: Interval[] = [];
  for (const a of left) {
    for (const b of right) {
      const low = compareEdges(a.low, b.low) >= 0 ? a.low : b.low;
      const high = compareEdges(a.high, b.high) <= 0 ? a.high : b.high;
      if (compareEdges(low, high) < 0) common.push({ low, high, point: a.point || b.point });
    }
  }
  return common;
}
