import { BsonType } from './bson-type.js';

/**
 * One BSON value where it lies: a type and a range of bytes in some buffer. Documents are stored, matched, compared and
 * copied as cells, so that what a client wrote comes back bit by bit, and a 20 KB body is never decoded to read a date
 * beside it.
 *
 * The bytes are trusted: `validate-bson.ts` has checked them when they came in.
 */
export class Cell {
  constructor(
    readonly type: number,
    readonly buffer: Buffer,
    readonly start: number,
    readonly end: number,
  ) {}

  /** A whole document in its own buffer. */
  static document(bytes: Buffer): Cell {
    return new Cell(BsonType.object, bytes, 0, bytes.length);
  }

  /** The value's bytes, not copied. */
  get bytes(): Buffer {
    return this.buffer.subarray(this.start, this.end);
  }

  get isNumber(): boolean {
    return this.type === BsonType.int32 || this.type === BsonType.double || this.type === BsonType.int64;
  }

  /** An object or an array: something with elements. */
  get isContainer(): boolean {
    return this.type === BsonType.object || this.type === BsonType.array;
  }

  /** The number as a JavaScript number; an int64 beyond 2^53 is rounded. NaN for what is not a number. */
  toNumber(): number {
    switch (this.type) {
      case BsonType.int32:
        return this.buffer.readInt32LE(this.start);
      case BsonType.double:
        return this.buffer.readDoubleLE(this.start);
      case BsonType.int64:
        return Number(this.buffer.readBigInt64LE(this.start));
      default:
        return NaN;
    }
  }

  /** The eight bytes of an int64, date or timestamp as a signed integer. */
  toBigInt(): bigint {
    return this.buffer.readBigInt64LE(this.start);
  }

  /** The text of a string. */
  toText(): string {
    return this.buffer.toString('utf8', this.start + 4, this.end - 1);
  }

  /** The truth of a bool. */
  toBoolean(): boolean {
    return this.buffer[this.start] === 1;
  }

  /** Milliseconds since 1970 of a date. */
  toMillis(): number {
    return Number(this.toBigInt());
  }

  /** Pattern and flags of a regular expression. */
  toRegex(): { pattern: string; flags: string } {
    const split = this.buffer.indexOf(0, this.start);
    return {
      pattern: this.buffer.toString('utf8', this.start, split),
      flags: this.buffer.toString('utf8', split + 1, this.end - 1),
    };
  }

  /** Same type and same bytes: what "unchanged" means to an update. */
  isIdentical(other: Cell): boolean {
    return (
      this.type === other.type && this.buffer.compare(other.buffer, other.start, other.end, this.start, this.end) === 0
    );
  }
}
