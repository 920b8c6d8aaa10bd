import { BsonType, typeName } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { bool, date, double, int32, int64, NULL, objectId, string } from '../bson/make-cell.js';
import { isInt64, toWhole } from '../bson/numbers.js';
import { MongoFault } from '../mongo-fault.js';
import { isNullish, isTruthy } from './expression.js';
import { operator, type OperatorParser, type Operators } from './operator.js';

const HEX_ID = /^[0-9a-f]{24}$/i;
const WHOLE = /^[+-]?\d+$/;

const cannot = (value: Cell, target: string): never => {
  throw new MongoFault(
    241,
    `Unsupported conversion from ${typeName(value.type)} to ${target} in $convert with no onError value`,
  );
};

const TEXTS: Readonly<Record<number, (value: Cell) => string>> = {
  [BsonType.string]: (value) => value.toText(),
  [BsonType.int32]: (value) => String(value.toNumber()),
  [BsonType.double]: (value) => String(value.toNumber()),
  [BsonType.int64]: (value) => String(value.toBigInt()),
  [BsonType.bool]: (value) => String(value.toBoolean()),
  [BsonType.date]: (value) => new Date(value.toMillis()).toISOString(),
  [BsonType.objectId]: (value) => value.bytes.toString('hex'),
};

/** The text of a value as `$toString` gives it. */
export function toDisplayText(value: Cell): string {
  return TEXTS[value.type]?.(value) ?? cannot(value, 'string');
}

function wholeFrom(value: Cell, target: string): bigint {
  if (value.type === BsonType.bool) return BigInt(value.toBoolean());
  if (value.type === BsonType.date && target === 'long') return value.toBigInt();
  if (value.type === BsonType.string) {
    const whole = WHOLE.test(value.toText()) ? BigInt(value.toText()) : undefined;
    if (whole !== undefined && isInt64(whole)) return whole;
    throw new MongoFault(241, `Failed to parse number '${value.toText()}' in $convert with no onError value`);
  }
  if (!value.isNumber) return cannot(value, target);
  const whole = toWhole(value);
  if (whole === undefined)
    throw new MongoFault(241, `Conversion would overflow target type in $convert with no onError value`);
  return whole;
}

function toInt(value: Cell): Cell {
  const whole = wholeFrom(value, 'int');
  if (whole < -(2n ** 31n) || whole >= 2n ** 31n) {
    throw new MongoFault(241, 'Conversion would overflow target type in $convert with no onError value');
  }
  return int32(Number(whole));
}

function toDouble(value: Cell): Cell {
  if (value.isNumber) return double(value.toNumber());
  if (value.type === BsonType.bool) return double(Number(value.toBoolean()));
  if (value.type === BsonType.date) return double(value.toMillis());
  if (value.type !== BsonType.string) return cannot(value, 'double');
  const text = value.toText();
  const number = text.trim() === text && text !== '' ? Number(text) : NaN;
  if (Number.isNaN(number)) {
    throw new MongoFault(241, `Failed to parse number '${text}' in $convert with no onError value`);
  }
  return double(number);
}

function toDate(value: Cell): Cell {
  if (value.type === BsonType.date) return value;
  if (value.type === BsonType.objectId) return date(value.buffer.readUInt32BE(value.start) * 1000);
  if (value.type === BsonType.string) {
    const millis = Date.parse(value.toText());
    if (!Number.isNaN(millis)) return date(millis);
    throw new MongoFault(241, `Error parsing date string '${value.toText()}'`);
  }
  return value.type === BsonType.double || value.type === BsonType.int64
    ? date(Number(wholeFrom(value, 'date')))
    : cannot(value, 'date');
}

function toObjectId(value: Cell): Cell {
  if (value.type === BsonType.objectId) return value;
  if (value.type !== BsonType.string) return cannot(value, 'objectId');
  if (!HEX_ID.test(value.toText())) {
    throw new MongoFault(241, `Failed to parse objectId '${value.toText()}' in $convert with no onError value`);
  }
  return objectId(Buffer.from(value.toText(), 'hex'));
}

/** Null and missing convert to null. */
const conversion = (name: string, convert: (value: Cell) => Cell): OperatorParser =>
  operator(name, 1, 1, (value) => (isNullish(value) ? NULL : convert(value)));

/** Type operators. */
export const CONVERSIONS: Operators = {
  $toString: conversion('$toString', (value) => string(toDisplayText(value))),
  $toInt: conversion('$toInt', toInt),
  $toLong: conversion('$toLong', (value) => int64(wholeFrom(value, 'long'))),
  $toDouble: conversion('$toDouble', toDouble),
  $toBool: conversion('$toBool', (value) => bool(isTruthy(value))),
  $toDate: conversion('$toDate', toDate),
  $toObjectId: conversion('$toObjectId', toObjectId),
  $type: operator('$type', 1, 1, (value) => string(value === undefined ? 'missing' : typeName(value.type))),
  $isNumber: operator('$isNumber', 1, 1, (value) => bool(value?.isNumber === true)),
};
