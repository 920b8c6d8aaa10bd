import { BsonType } from './bson-type.js';
import { Cell } from './cell.js';

const VARIABLE = -1;
const WIDTH = new Int8Array(256).fill(VARIABLE);
WIDTH[BsonType.double] = 8;
WIDTH[BsonType.objectId] = 12;
WIDTH[BsonType.bool] = 1;
WIDTH[BsonType.date] = 8;
WIDTH[BsonType.null] = 0;
WIDTH[BsonType.int32] = 4;
WIDTH[BsonType.timestamp] = 8;
WIDTH[BsonType.int64] = 8;
WIDTH[BsonType.minKey] = 0;
WIDTH[BsonType.maxKey] = 0;

/** Where a value of `type` that starts at `start` ends. */
function endOfValue(type: number, buffer: Buffer, start: number): number {
  const width = WIDTH[type] as number;
  if (width !== VARIABLE) return start + width;
  switch (type) {
    case BsonType.string:
      return start + 4 + buffer.readInt32LE(start);
    case BsonType.object:
    case BsonType.array:
      return start + buffer.readInt32LE(start);
    case BsonType.binary:
      return start + 5 + buffer.readInt32LE(start);
    default:
      return buffer.indexOf(0, buffer.indexOf(0, start) + 1) + 1; // regex: two zero-terminated strings
  }
}

/** A field name, encoded once, so that looking it up in a document is a comparison of bytes. */
export class FieldName {
  readonly bytes: Buffer;
  constructor(readonly text: string) {
    this.bytes = Buffer.from(text);
  }
}

/**
 * Walks the elements of an object or array in their order. A cursor rather than an iterator: it allocates nothing per
 * element, and the scans of the query engine are made of this loop.
 */
export class Elements {
  type = 0;
  /** Where the element (type byte, name, value) starts; with `end` the range to copy it whole. */
  elementStart = 0;
  nameStart = 0;
  nameEnd = 0;
  start = 0;
  end: number;
  private readonly buffer: Buffer;

  constructor(container: Cell) {
    this.buffer = container.buffer;
    this.end = container.start + 4;
  }

  /** Steps to the next element; false after the last one. */
  next(): boolean {
    const { buffer } = this;
    const type = buffer[this.end] ?? 0;
    if (type === 0) return false;
    this.elementStart = this.end;
    this.type = type;
    this.nameStart = this.end + 1;
    let at = this.nameStart;
    while (at < buffer.length && buffer[at] !== 0) at++;
    this.nameEnd = at;
    this.start = at + 1;
    this.end = endOfValue(type, buffer, this.start);
    // Only a document that was damaged on disk gets here; without this it could be walked for ever
    if (this.end < this.start) throw new Error('a stored document is damaged');
    return true;
  }

  get name(): string {
    return this.buffer.toString('utf8', this.nameStart, this.nameEnd);
  }

  get cell(): Cell {
    return new Cell(this.type, this.buffer, this.start, this.end);
  }

  nameIs(name: FieldName): boolean {
    const { buffer, nameStart } = this;
    const { bytes } = name;
    if (this.nameEnd - nameStart !== bytes.length) return false;
    for (let i = 0; i < bytes.length; i++) if (buffer[nameStart + i] !== bytes[i]) return false;
    return true;
  }
}

/** The value of a field, or undefined when the document has no such field. */
export function fieldOf(document: Cell, name: FieldName): Cell | undefined {
  const elements = new Elements(document);
  while (elements.next()) if (elements.nameIs(name)) return elements.cell;
  return undefined;
}

/** Name and value of every element, in order. */
export function entriesOf(container: Cell): [string, Cell][] {
  const entries: [string, Cell][] = [];
  const elements = new Elements(container);
  while (elements.next()) entries.push([elements.name, elements.cell]);
  return entries;
}

/** The values of an array (or of an object), in order. */
export function itemsOf(container: Cell): Cell[] {
  const items: Cell[] = [];
  const elements = new Elements(container);
  while (elements.next()) items.push(elements.cell);
  return items;
}

/** Whether an object or array has no elements. */
export const isEmpty = (container: Cell): boolean => container.end - container.start === 5;
