import { BsonType, rankOf } from './bson-type.js';
import { Cell } from './cell.js';
import { MongoFault, refuse } from '../mongo-fault.js';

/** MongoDB's limit on nested levels (manual, "MongoDB Limits and Thresholds"). */
const MAX_DEPTH = 100;

const NOT_SERVED: ReadonlyMap<number, string> = new Map([
  [0x06, 'the BSON type undefined'],
  [0x0c, 'the BSON type DBPointer'],
  [0x0d, 'the BSON type JavaScript'],
  [0x0e, 'the BSON type symbol'],
  [0x0f, 'the BSON type JavaScript with scope'],
  [0x13, 'the BSON type Decimal128'],
]);

const invalid = (): never => {
  throw new MongoFault(22, 'the message holds BSON that is not well-formed');
};

function zeroTerminated(buffer: Buffer, from: number, limit: number): number {
  const at = buffer.indexOf(0, from);
  return at < 0 || at >= limit ? invalid() : at + 1;
}

const fits = (end: number, limit: number): number => (end > limit ? invalid() : end);

function sized(buffer: Buffer, at: number, limit: number, overhead: number): number {
  fits(at + 4, limit);
  const length = buffer.readInt32LE(at);
  return length < 0 ? invalid() : fits(at + overhead + length, limit);
}

function checkString(buffer: Buffer, at: number, limit: number): number {
  const end = sized(buffer, at, limit, 4);
  return end > at + 4 && buffer[end - 1] === 0 ? end : invalid();
}

function checkBinary(buffer: Buffer, at: number, limit: number): number {
  if (buffer[at + 4] === 2) refuse('binary subtype 2, which is deprecated');
  return sized(buffer, at, limit, 5);
}

/** Checks one value and returns where it ends. */
function checkValue(type: number, buffer: Buffer, at: number, limit: number, depth: number): number {
  switch (type) {
    case BsonType.null:
    case BsonType.minKey:
    case BsonType.maxKey:
      return at;
    case BsonType.bool:
      return fits(at + 1, limit);
    case BsonType.int32:
      return fits(at + 4, limit);
    case BsonType.objectId:
      return fits(at + 12, limit);
    case BsonType.string:
      return checkString(buffer, at, limit);
    case BsonType.binary:
      return checkBinary(buffer, at, limit);
    case BsonType.regex:
      return zeroTerminated(buffer, zeroTerminated(buffer, at, limit), limit);
    case BsonType.object:
    case BsonType.array:
      return checkContainer(buffer, at, limit, depth + 1);
    default:
      return fits(at + 8, limit);
  }
}

function checkContainer(buffer: Buffer, start: number, limit: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new MongoFault(15, `documents are nested at most ${String(MAX_DEPTH)} levels deep`);
  const end = sized(buffer, start, limit, 0);
  if (end - start < 5 || buffer[end - 1] !== 0) invalid();
  let at = start + 4;
  while (at < end - 1) {
    const type = buffer[at] as number;
    if (rankOf(type) === 0) refuse(NOT_SERVED.get(type) ?? `BSON type 0x${type.toString(16)}`);
    at = checkValue(type, buffer, zeroTerminated(buffer, at + 1, end), end - 1, depth);
  }
  return at === end - 1 ? end : invalid();
}

/**
 * Checks the document that starts at `start` and gives it as a cell. Everything behind the wire relies on this check.
 * @throws MongoFault 22 when it is not well-formed, 238 when it holds a type that is not served
 */
export function readDocument(buffer: Buffer, start = 0): Cell {
  return new Cell(BsonType.object, buffer, start, checkContainer(buffer, start, buffer.length, 1));
}
