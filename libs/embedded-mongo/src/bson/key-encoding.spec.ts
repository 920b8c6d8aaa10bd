import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from './cell.js';
import { fromJs } from './from-js.js';
import { encodeValue, KEY_END, KeyWriter } from './key-encoding.js';
import { bool, date, double, int32, int64, MAX_KEY, MIN_KEY, NULL, objectId, string } from './make-cell.js';

const sign = (order: number): number => Math.sign(order);

const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const nearDouble = fc
  .tuple(fc.constantFrom(2n ** 53n, 2n ** 62n, -(2n ** 53n), -(2n ** 62n)), fc.bigInt({ min: -1500n, max: 1500n }))
  .map(([base, step]) => base + step);

describe('an encoded value', () => {
  it('sorts by its bytes as whole numbers sort by value, beyond the precision of doubles too', () => {
    const order = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));
    fc.assert(
      fc.property(fc.oneof(whole, nearDouble), fc.oneof(whole, nearDouble), (a, b) => {
        expect(sign(encodeValue(int64(a)).compare(encodeValue(int64(b))))).toBe(order(a, b));
      }),
    );
  });

  it('sorts by its bytes as doubles sort by value', () => {
    const number = fc.double({ noNaN: true });
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(sign(encodeValue(double(a)).compare(encodeValue(double(b))))).toBe(a < b ? -1 : Number(a > b));
      }),
    );
  });

  it.each([
    [0n, 0],
    [-1n, -1],
    [9007199254740992n, 2 ** 53],
    [-9007199254740992n, -(2 ** 53)],
    [4611686018427387904n, 2 ** 62],
  ])('is the same for %s as int64 and as double', (long, number) => {
    expect(encodeValue(int64(long))).toEqual(encodeValue(double(number)));
  });

  it('holds 0 and -0 equal, and NaN below all numbers', () => {
    expect(encodeValue(double(-0))).toEqual(encodeValue(int32(0)));
    expect(encodeValue(double(NaN)).compare(encodeValue(double(-Infinity)))).toBeLessThan(0);
    expect(encodeValue(double(NaN)).compare(encodeValue(NULL))).toBeGreaterThan(0);
  });

  it('sorts as strings sort by their UTF-8 bytes, with a NUL in them too', () => {
    const text = fc.string({ unit: fc.constantFrom('\0', 'a', 'b', 'é', '日', '🚀'), maxLength: 6 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const expected = sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(sign(encodeValue(string(a)).compare(encodeValue(string(b))))).toBe(expected);
      }),
    );
  });
});

/** Values in MongoDB's order; neighbours differ. */
const ASCENDING: readonly Cell[] = [
  MIN_KEY,
  NULL,
  double(NaN),
  int32(-1),
  double(0.5),
  int64(2n ** 53n + 1n),
  string(''),
  string('a'),
  string('a\0'),
  string('b'),
  fromJs({}),
  fromJs({ a: 1 }),
  fromJs({ a: 1, b: 1 }),
  fromJs([]),
  fromJs([1]),
  fromJs([1, 2]),
  objectId(Buffer.alloc(12)),
  objectId(Buffer.alloc(12, 255)),
  bool(false),
  bool(true),
  date(-1),
  date(0),
  MAX_KEY,
];

describe('a compound key', () => {
  const key = (first: Cell, descending: boolean, second: Cell): Buffer =>
    new KeyWriter().component(first, descending).component(second, false).byte(KEY_END).take();

  it.each([
    ['ascending', false],
    ['descending', true],
  ])('sorts by its first field, %s, whatever follows', (_name, descending) => {
    ASCENDING.forEach((a, left) => {
      ASCENDING.forEach((b, right) => {
        if (left === right) return;
        const order = sign(key(a, descending, MAX_KEY).compare(key(b, descending, MIN_KEY)));
        expect(order).toBe(descending ? sign(right - left) : sign(left - right));
      });
    });
  });

  it('sorts by its second field where the first is equal', () => {
    for (const first of ASCENDING) {
      expect(key(first, true, int32(1)).compare(key(first, true, int32(2)))).toBeLessThan(0);
    }
  });
});
