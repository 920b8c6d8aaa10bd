import { BsonType, typeName } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { date, double, int32, int64, NULL } from '../bson/make-cell.js';
import { add, multiply, remainder, subtract } from '../bson/numbers.js';
import { MongoFault } from '../mongo-fault.js';
import { isNullish } from './expression.js';
import { operator, type OperatorParser, type Operators, type Value } from './operator.js';

const MANY = Number.MAX_SAFE_INTEGER;

function requireNumber(name: string, value: Cell): Cell {
  if (!value.isNumber) throw new MongoFault(14, `${name} only supports numeric types, not ${typeName(value.type)}`);
  return value;
}

/** A date plus milliseconds, or the sum of two numbers. */
function addOne(sum: Cell, value: Cell): Cell {
  if (sum.type !== BsonType.date && value.type !== BsonType.date) {
    return add(requireNumber('$add', sum), requireNumber('$add', value));
  }
  if (sum.type === BsonType.date && value.type === BsonType.date) {
    throw new MongoFault(16612, 'only one date allowed in an $add expression');
  }
  const [day, millis] = sum.type === BsonType.date ? [sum, value] : [value, sum];
  return date(day.toMillis() + requireNumber('$add', millis).toNumber());
}

function addAll(...values: Value[]): Value {
  let sum: Cell = int32(0);
  for (const value of values) {
    if (isNullish(value)) return NULL;
    sum = addOne(sum, value);
  }
  return sum;
}

function subtractValues(a: Value, b: Value): Value {
  if (isNullish(a) || isNullish(b)) return NULL;
  if (a.type !== BsonType.date) return subtract(requireNumber('$subtract', a), requireNumber('$subtract', b));
  if (b.type === BsonType.date) return int64(BigInt(a.toMillis() - b.toMillis()));
  return date(a.toMillis() - requireNumber('$subtract', b).toNumber());
}

function multiplyAll(...values: Value[]): Value {
  let product: Cell = int32(1);
  for (const value of values) {
    if (isNullish(value)) return NULL;
    product = multiply(product, requireNumber('$multiply', value));
  }
  return product;
}

/** An operator over two numbers of which the second must not be zero. */
function division(name: string, apply: (a: Cell, b: Cell) => Cell): OperatorParser {
  return operator(name, 2, 2, (a, b) => {
    if (isNullish(a) || isNullish(b)) return NULL;
    if (requireNumber(name, b).toNumber() === 0)
      throw new MongoFault(name === '$mod' ? 16610 : 2, `can't ${name} by zero`);
    return apply(requireNumber(name, a), b);
  });
}

/** An operator over one number; whole numbers keep their type. */
function rounding(name: string, round: (value: number) => number): OperatorParser {
  return operator(name, 1, 1, (value) => {
    if (isNullish(value)) return NULL;
    return requireNumber(name, value).type === BsonType.double ? double(round(value.toNumber())) : value;
  });
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Rounds to decimal places; a negative place rounds before the point (manual, "$round", "$trunc"). */
function roundingTo(name: string, round: (value: number) => number): OperatorParser {
  return operator(name, 1, 2, (value, place) => {
    if (isNullish(value) || place?.type === BsonType.null) return NULL;
    const digits = place === undefined ? 0 : requireNumber(name, place).toNumber();
    const isWhole = requireNumber(name, value).type !== BsonType.double;
    if (isWhole && digits >= 0) return value;
    const shifted = Number(`${String(value.toNumber())}e${String(digits)}`);
    const result = Number.isNaN(shifted) ? value.toNumber() : Number(`${String(round(shifted))}e${String(-digits)}`);
    if (!isWhole) return double(result);
    return value.type === BsonType.int32 ? int32(result) : int64(BigInt(result));
  });
}

function absolute(value: Value): Value {
  if (isNullish(value)) return NULL;
  const number = requireNumber('$abs', value);
  return number.toNumber() < 0 ? subtract(int32(0), number) : number;
}

/** Arithmetic (manual, "Arithmetic Expression Operators"). */
export const ARITHMETIC: Operators = {
  $add: operator('$add', 0, MANY, addAll),
  $subtract: operator('$subtract', 2, 2, subtractValues),
  $multiply: operator('$multiply', 0, MANY, multiplyAll),
  $divide: division('$divide', (a, b) => double(a.toNumber() / b.toNumber())),
  $mod: division('$mod', remainder),
  $abs: operator('$abs', 1, 1, absolute),
  $ceil: rounding('$ceil', Math.ceil),
  $floor: rounding('$floor', Math.floor),
  $round: roundingTo('$round', roundHalfEven),
  $trunc: roundingTo('$trunc', Math.trunc),
};
