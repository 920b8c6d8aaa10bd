import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rank } from '../bson/bson-type.js';
import { KEY_END, KeyWriter } from '../bson/key-encoding.js';
import { double, string } from '../bson/make-cell.js';
import { above, below, edgeBytes, type Interval, intersection, ofRank, point, union, withPrefix } from './interval.js';

const key = (value: number | string, descending: boolean): Buffer =>
  new KeyWriter()
    .component(typeof value === 'number' ? double(value) : string(value), descending)
    .byte(KEY_END)
    .take();

/** Whether a stored key lies in an interval of an ascending or descending field. */
function holds({ low, high }: Interval, value: number | string, descending = false): boolean {
  const [from, to] = descending ? [high, low] : [low, high];
  const stored = key(value, descending);
  return stored.compare(edgeBytes(from, descending)) >= 0 && stored.compare(edgeBytes(to, descending)) < 0;
}

const numbers = ofRank(Rank.number);

describe.each([
  ['ascending', false],
  ['descending', true],
])('an interval of a field that is %s', (_name, descending) => {
  it('holds the one value of a point, not one that starts like it', () => {
    expect(holds(point(string('a')), 'a', descending)).toBe(true);
    for (const other of ['', 'a\0', 'ab', 'b', 5]) expect(holds(point(string('a')), other, descending)).toBe(false);
  });

  it('holds the values above and below a border, with it or without', () => {
    const five = double(5);
    const held = (interval: Interval) => [4, 5, 6].filter((value) => holds(interval, value, descending));
    expect(held(above(numbers, five, false))).toEqual([6]);
    expect(held(above(numbers, five, true))).toEqual([5, 6]);
    expect(held(below(numbers, five, false))).toEqual([4]);
    expect(held(below(numbers, five, true))).toEqual([4, 5]);
    expect(holds(above(numbers, five, true), 'text', descending)).toBe(false);
  });

  it('holds all values of a kind, and all strings with a beginning', () => {
    for (const value of [-Infinity, -1, 0, Infinity]) expect(holds(numbers, value, descending)).toBe(true);
    expect(holds(numbers, '', descending)).toBe(false);
    const ab = withPrefix(Buffer.concat([Buffer.from([Rank.string]), Buffer.from('ab')]));
    const found = ['a', 'ab', 'ab\0', 'abc', 'ac', 'b'].filter((value) => holds(ab, value, descending));
    expect(found).toEqual(['ab', 'ab\0', 'abc']);
  });
});

describe('intervals', () => {
  const anyInterval = fc.oneof(
    fc.integer({ min: 0, max: 9 }).map((n) => point(double(n))),
    fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.boolean())
      .map(([n, inclusive]) => above(numbers, double(n), inclusive)),
    fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.boolean())
      .map(([n, inclusive]) => below(numbers, double(n), inclusive)),
  );
  const list = fc.array(anyInterval, { maxLength: 4 });
  const inAny = (intervals: readonly Interval[], value: number): boolean =>
    intervals.some((interval) => holds(interval, value));
  const values = [-1, ...Array.from({ length: 20 }, (_, index) => index / 2)];

  it('joined hold what one of them holds, in order and without overlap', () => {
    fc.assert(
      fc.property(list, (intervals) => {
        const joined = union(intervals);
        for (const value of values) {
          expect(joined.filter((interval) => holds(interval, value)).length).toBe(Number(inAny(intervals, value)));
        }
      }),
    );
  });

  it('crossed hold what both hold', () => {
    fc.assert(
      fc.property(list, list, (left, right) => {
        const crossed = intersection(union(left), union(right));
        for (const value of values) expect(inAny(crossed, value)).toBe(inAny(left, value) && inAny(right, value));
      }),
    );
  });
});
