import { describe, expect, it } from 'vitest';
import { FieldPath } from '../bson/field-path.js';
import { fromJs } from '../bson/from-js.js';
import { MemorySort } from './memory-sort.js';

const byN = [{ path: new FieldPath('n'), descending: false }];
const numbers = Array.from({ length: 1000 }, (_, index) => (index * 617) % 1000);

function sortWith(limit: number, memoryLimit?: number): number[] {
  const sorter = new MemorySort<number>(byN, limit, memoryLimit);
  for (const n of numbers) sorter.add(fromJs({ n }), n, 8);
  return sorter.finish();
}

describe('a sort in memory', () => {
  const ordered = numbers.toSorted((a, b) => a - b);

  it('gives all items in order', () => {
    expect(sortWith(Infinity)).toEqual(ordered);
  });

  it.each([1, 7, 999, 5000])('gives the first %i', (limit) => {
    expect(sortWith(limit)).toEqual(ordered.slice(0, limit));
  });

  it('keeps items with equal keys in the order they came', () => {
    const sorter = new MemorySort<number>(byN, Infinity);
    for (let item = 0; item < 50; item++) sorter.add(fromJs({ n: item % 2 }), item, 8);
    const result = sorter.finish();
    expect(result.slice(0, 25)).toEqual(Array.from({ length: 25 }, (_, index) => index * 2));
  });

  it('refuses to grow beyond its memory, but not for the few that a limit keeps', () => {
    expect(() => sortWith(Infinity, 10_000)).toThrow(expect.objectContaining({ code: 292 }) as Error);
    expect(sortWith(3, 20_000)).toEqual([0, 1, 2]);
  });
});
