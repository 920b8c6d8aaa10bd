import { BsonType } from './bson-type.js';
import type { Cell } from './cell.js';
import { double, int32, int64 } from './make-cell.js';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT32 = -(2n ** 31n);
const MAX_INT32 = 2n ** 31n - 1n;

/** An arithmetic operation in its two forms. */
interface Operation {
  readonly whole: (a: bigint, b: bigint) => bigint;
  readonly floating: (a: number, b: number) => number;
}

const ADD: Operation = { whole: (a, b) => a + b, floating: (a, b) => a + b };
const SUBTRACT: Operation = { whole: (a, b) => a - b, floating: (a, b) => a - b };
const MULTIPLY: Operation = { whole: (a, b) => a * b, floating: (a, b) => a * b };

const wholeOf = (cell: Cell): bigint => (cell.type === BsonType.int64 ? cell.toBigInt() : BigInt(cell.toNumber()));

/** Whether a value fits a 64-bit integer. */
export const isInt64 = (value: bigint): boolean => value >= MIN_INT64 && value <= MAX_INT64;

/** The narrower of int32 and int64 that holds the value, but never narrower than `least`. */
function wholeCell(value: bigint, least: number): Cell {
  const narrow = least === BsonType.int32 && value >= MIN_INT32 && value <= MAX_INT32;
  return narrow ? int32(Number(value)) : int64(value);
}

/**
 * Applies an operation with MongoDB's widening (manual, "$inc", "$add"): a double makes the result double; otherwise
 * int32 becomes int64 when it must. Undefined when the result leaves 64 bits: an update calls that an error, an
 * expression goes on in double.
 */
function apply(operation: Operation, a: Cell, b: Cell): Cell | undefined {
  if (a.type === BsonType.double || b.type === BsonType.double) {
    return double(operation.floating(a.toNumber(), b.toNumber()));
  }
  const result = operation.whole(wholeOf(a), wholeOf(b));
  const least = a.type === BsonType.int64 || b.type === BsonType.int64 ? BsonType.int64 : BsonType.int32;
  return isInt64(result) ? wholeCell(result, least) : undefined;
}

/** The sum of two numbers, or undefined when it leaves 64 bits. */
export const addExact = (a: Cell, b: Cell): Cell | undefined => apply(ADD, a, b);
/** The product of two numbers, or undefined when it leaves 64 bits. */
export const multiplyExact = (a: Cell, b: Cell): Cell | undefined => apply(MULTIPLY, a, b);

/** The sum of two numbers, as double when it leaves 64 bits. */
export const add = (a: Cell, b: Cell): Cell => apply(ADD, a, b) ?? double(a.toNumber() + b.toNumber());
/** The difference of two numbers, as double when it leaves 64 bits. */
export const subtract = (a: Cell, b: Cell): Cell => apply(SUBTRACT, a, b) ?? double(a.toNumber() - b.toNumber());
/** The product of two numbers, as double when it leaves 64 bits. */
export const multiply = (a: Cell, b: Cell): Cell => apply(MULTIPLY, a, b) ?? double(a.toNumber() * b.toNumber());

/** The remainder of a division, with the sign of the dividend. The divisor must not be zero. */
export function remainder(a: Cell, b: Cell): Cell {
  if (a.type === BsonType.double || b.type === BsonType.double) return double(a.toNumber() % b.toNumber());
  const least = a.type === BsonType.int64 || b.type === BsonType.int64 ? BsonType.int64 : BsonType.int32;
  return wholeCell(wholeOf(a) % wholeOf(b), least);
}

/** The value as a 64-bit integer, fractions cut off; undefined for NaN, infinities, what does not fit, and no number. */
export function toWhole(cell: Cell): bigint | undefined {
  if (!cell.isNumber) return undefined;
  if (cell.type === BsonType.int64) return cell.toBigInt();
  const value = cell.toNumber();
  if (!Number.isFinite(value)) return undefined;
  const whole = BigInt(Math.trunc(value));
  return isInt64(whole) ? whole : undefined;
}
