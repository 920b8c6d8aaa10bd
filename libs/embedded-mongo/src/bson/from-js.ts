import { arrayOf, BsonWriter } from './bson-writer.js';
import { Cell } from './cell.js';
import { bool, date, double, int32, int64, NULL, string } from './make-cell.js';

const isInt32 = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 31;

function objectFromJs(value: object): Cell {
  if (value instanceof Cell) return value;
  if (value instanceof Date) return date(value.getTime());
  if (Array.isArray(value)) return arrayOf(value.map(fromJs));
  const writer = new BsonWriter().open();
  for (const [name, item] of Object.entries(value)) if (item !== undefined) writer.cell(name, fromJs(item));
  return writer.close().finishCell();
}

/**
 * The BSON value of a plain JavaScript one, for replies and error texts: whole numbers within 32 bits become int32,
 * others double; bigint becomes int64; cells are taken as they are; undefined fields are left out.
 */
export function fromJs(value: unknown): Cell {
  switch (typeof value) {
    case 'string':
      return string(value);
    case 'number':
      return isInt32(value) ? int32(value) : double(value);
    case 'bigint':
      return int64(value);
    case 'boolean':
      return bool(value);
    case 'object':
      return value === null ? NULL : objectFromJs(value);
    default:
      throw new TypeError(`no BSON value for a ${typeof value}`);
  }
}
