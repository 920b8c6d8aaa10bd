import { BsonType } from './bson-type.js';
import { Cell } from './cell.js';

const INITIAL_SIZE = 512;

/** Writes one BSON document or array into a growing buffer: `open`, elements, `close`, nested at will, then `finish`. */
export class BsonWriter {
  private buffer = Buffer.allocUnsafe(INITIAL_SIZE);
  private length = 0;
  private readonly open_: number[] = [];

  /** Bytes written so far. */
  get size(): number {
    return this.length;
  }

  /** Starts the outermost document or array. */
  open(): this {
    this.reserve(4);
    this.open_.push(this.length);
    this.length += 4;
    return this;
  }

  /** Starts a document or array as an element of the one that is open. */
  openElement(type: number, name: string): this {
    this.header(type, name);
    return this.open();
  }

  /** Ends the innermost open document or array. */
  close(): this {
    this.reserve(1);
    this.buffer[this.length++] = 0;
    const start = this.open_.pop();
    if (start === undefined) throw new Error('BsonWriter: nothing is open');
    this.buffer.writeInt32LE(this.length - start, start);
    return this;
  }

  /** Adds an element whose value exists already. */
  cell(name: string, value: Cell): this {
    this.header(value.type, name);
    return this.raw(value.buffer, value.start, value.end);
  }

  /** Copies bytes as they are: a value, or whole elements of another document. */
  raw(source: Buffer, start: number, end: number): this {
    this.reserve(end - start);
    source.copy(this.buffer, this.length, start, end);
    this.length += end - start;
    return this;
  }

  /** The finished bytes. The writer must not be used afterwards. */
  finish(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** The finished document (or array) as a value. */
  finishCell(type: number = BsonType.object): Cell {
    return new Cell(type, this.buffer, 0, this.length);
  }

  private header(type: number, name: string): void {
    const nameLength = Buffer.byteLength(name);
    this.reserve(nameLength + 2);
    this.buffer[this.length++] = type;
    this.length += this.buffer.write(name, this.length, nameLength, 'utf8');
    this.buffer[this.length++] = 0;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** An array of the given values. */
export function arrayOf(items: readonly Cell[]): Cell {
  const writer = new BsonWriter().open();
  items.forEach((item, index) => writer.cell(String(index), item));
  return writer.close().finishCell(BsonType.array);
}

/** A document of the given fields; a field whose value is undefined is left out. */
export function documentOf(fields: Iterable<readonly [string, Cell | undefined]>): Cell {
  const writer = new BsonWriter().open();
  for (const [name, value] of fields) if (value !== undefined) writer.cell(name, value);
  return writer.close().finishCell();
}
