import { BsonType } from './bson-type.js';
import { Cell } from './cell.js';

const cell = (type: number, bytes: Buffer): Cell => new Cell(type, bytes, 0, bytes.length);
const NOTHING = Buffer.alloc(0);

export const NULL = cell(BsonType.null, NOTHING);
export const MIN_KEY = cell(BsonType.minKey, NOTHING);
export const MAX_KEY = cell(BsonType.maxKey, NOTHING);
export const TRUE = cell(BsonType.bool, Buffer.from([1]));
export const FALSE = cell(BsonType.bool, Buffer.from([0]));
export const EMPTY_DOCUMENT = cell(BsonType.object, Buffer.from([5, 0, 0, 0, 0]));
export const EMPTY_ARRAY = cell(BsonType.array, Buffer.from([5, 0, 0, 0, 0]));

export const bool = (value: boolean): Cell => (value ? TRUE : FALSE);

export function int32(value: number): Cell {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32LE(value);
  return cell(BsonType.int32, bytes);
}

export function double(value: number): Cell {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(value);
  return cell(BsonType.double, bytes);
}

export function int64(value: bigint): Cell {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64LE(value);
  return cell(BsonType.int64, bytes);
}

/** @param millis since 1970, a whole number */
export function date(millis: number): Cell {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64LE(BigInt(Math.trunc(millis)));
  return cell(BsonType.date, bytes);
}

/** @param seconds since 1970 @param increment orders timestamps of the same second */
export function timestamp(seconds: number, increment: number): Cell {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt32LE(increment, 0);
  bytes.writeUInt32LE(seconds, 4);
  return cell(BsonType.timestamp, bytes);
}

export function string(value: string): Cell {
  const length = Buffer.byteLength(value);
  const bytes = Buffer.allocUnsafe(length + 5);
  bytes.writeInt32LE(length + 1);
  bytes.write(value, 4, length, 'utf8');
  bytes[length + 4] = 0;
  return cell(BsonType.string, bytes);
}

/** @param bytes twelve bytes */
export const objectId = (bytes: Buffer): Cell => cell(BsonType.objectId, bytes);
