import { BsonType, Rank, rankOf } from './bson-type.js';
import type { Cell } from './cell.js';
import { Elements } from './elements.js';

/*
 * Values as byte strings whose plain byte order is MongoDB's comparison order (manual, "Comparison/Sort Order"), so
 * that SQLite's B-trees can sort, search and compare them as blobs.
 *
 * One value is: its rank byte, then bytes by kind. No encoding is a prefix of another one, so compound keys are simple
 * concatenations, a descending field is the same bytes inverted, and equal encodings mean equal values (1, 1.0 and
 * NumberLong(1) are one value to MongoDB).
 */

/** Follows every complete component in bounds; sorts before and after whatever can follow in a stored key. */
export const BELOW_REST = 0x01;
export const ABOVE_REST = 0xff;
/** Closes every stored key, so that a key whose last component is a prefix of another's sorts on the right side. */
export const KEY_END = 0x04;

const ESCAPE = 0xff;
const BEYOND_DOUBLE = 2 ** 53;

/** Collects the bytes of one key. */
export class KeyWriter {
  private bytes = Buffer.allocUnsafe(64);
  private length = 0;

  byte(value: number): this {
    this.reserve(1);
    this.bytes[this.length++] = value;
    return this;
  }

  /** Appends one encoded component; descending components are bit-inverted. */
  component(value: Cell | undefined, descending: boolean): this {
    const from = this.length;
    if (value === undefined) this.byte(Rank.null);
    else this.value(value);
    if (descending) for (let i = from; i < this.length; i++) this.bytes[i] = 0xff - (this.bytes[i] as number);
    return this;
  }

  /** The component of an empty array met while an index key is made. */
  emptyArray(descending: boolean): this {
    return this.byte(descending ? 0xff - Rank.emptyArrayKey : Rank.emptyArrayKey);
  }

  append(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  /** A copy of what was collected; the writer can go on or start again with `reset`. */
  take(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.length));
  }

  reset(): this {
    this.length = 0;
    return this;
  }

  private value(cell: Cell): void {
    this.byte(rankOf(cell.type));
    switch (cell.type) {
      case BsonType.double:
      case BsonType.int32:
        return this.doubleBits(cell.toNumber());
      case BsonType.int64:
        return this.long(cell.toBigInt());
      case BsonType.string:
        return this.text(cell.buffer, cell.start + 4, cell.end - 1);
      case BsonType.object:
        return this.fields(cell);
      case BsonType.array:
        return this.items(cell);
      case BsonType.binary:
        return this.binary(cell);
      case BsonType.date:
        return this.bigEndian(cell.toBigInt() ^ SIGN);
      case BsonType.timestamp:
        return this.bigEndian(cell.toBigInt());
      default: // null, MinKey and MaxKey are empty; ObjectId, bool and regex sort by their bytes
        this.append(cell.bytes);
    }
  }

  /** The order-preserving form of a double; NaN sorts below all numbers, -0 equals 0. */
  private doubleBits(value: number): void {
    this.reserve(10);
    const { bytes, length } = this;
    if (Number.isNaN(value)) bytes.fill(0, length, length + 8);
    else {
      bytes.writeDoubleBE(value === 0 ? 0 : value, length);
      if (value < 0) for (let i = length; i < length + 8; i++) bytes[i] = 0xff - (bytes[i] as number);
      else bytes[length] = (bytes[length] as number) | 0x80;
    }
    this.length += 8;
    if (Math.abs(value) >= BEYOND_DOUBLE && Number.isFinite(value)) this.remainder(0);
  }

  /** An int64: the largest double not above it, then, beyond 2^53, what is missing (less than 2^11). */
  private long(value: bigint): void {
    let near = Number(value);
    if (BigInt(near) > value) near = nextBelow(near);
    this.doubleBits(near);
    if (Math.abs(near) >= BEYOND_DOUBLE) {
      this.length -= 2;
      this.remainder(Number(value - BigInt(near)));
    }
  }

  private remainder(value: number): void {
    this.bytes.writeUInt16BE(value, this.length);
    this.length += 2;
  }

  /** UTF-8 with NUL escaped and a NUL at the end. */
  private text(source: Buffer, start: number, end: number): void {
    this.reserve((end - start) * 2 + 1);
    let from = start;
    for (let nul = source.indexOf(0, from); nul >= 0 && nul < end; nul = source.indexOf(0, from)) {
      this.length += source.copy(this.bytes, this.length, from, nul + 1);
      this.bytes[this.length++] = ESCAPE;
      from = nul + 1;
    }
    this.length += source.copy(this.bytes, this.length, from, end);
    this.bytes[this.length++] = 0;
  }

  /** Objects compare field by field: rank, then name, then value; fewer fields first. */
  private fields(object: Cell): void {
    const elements = new Elements(object);
    while (elements.next()) {
      this.byte(rankOf(elements.type));
      this.append(object.buffer.subarray(elements.nameStart, elements.nameEnd + 1));
      this.value(elements.cell);
    }
    this.byte(0);
  }

  private items(array: Cell): void {
    const elements = new Elements(array);
    while (elements.next()) this.value(elements.cell);
    this.byte(0);
  }

  /** Binary compares by length, then subtype, then bytes. */
  private binary(cell: Cell): void {
    this.reserve(4);
    this.bytes.writeUInt32BE(cell.buffer.readUInt32LE(cell.start), this.length);
    this.length += 4;
    this.append(cell.buffer.subarray(cell.start + 4, cell.end));
  }

  private bigEndian(value: bigint): void {
    this.reserve(8);
    this.bytes.writeBigUInt64BE(BigInt.asUintN(64, value), this.length);
    this.length += 8;
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

const SIGN = 1n << 63n;
const bits = Buffer.alloc(8);

function nextBelow(value: number): number {
  bits.writeDoubleBE(value);
  bits.writeBigInt64BE(bits.readBigInt64BE() + (value > 0 ? -1n : 1n));
  return bits.readDoubleBE();
}

/** The encoding of one value, ascending. Equal encodings mean values that MongoDB holds equal. */
export const encodeValue = (value: Cell | undefined): Buffer => new KeyWriter().component(value, false).take();

/** The encoding as a string, for maps and sets of values. */
export const valueKey = (value: Cell | undefined): string => encodeValue(value).toString('latin1');
