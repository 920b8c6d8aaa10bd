import { BsonType } from './bson-type.js';
import type { Cell } from './cell.js';
import { entriesOf, itemsOf } from './elements.js';

const MAX_TEXT = 150;

const doubleText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);

const objectText = (cell: Cell): string => {
  const fields = entriesOf(cell).map(([name, value]) => `${name}: ${valueText(value)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
};

const arrayText = (cell: Cell): string => {
  const items = itemsOf(cell).map(valueText);
  return items.length === 0 ? '[]' : `[ ${items.join(', ')} ]`;
};

function binaryText(cell: Cell): string {
  const subtype = cell.buffer[cell.start + 4] as number;
  return `BinData(${String(subtype)}, ${cell.buffer.toString('hex', cell.start + 5, cell.end).toUpperCase()})`;
}

const TEXT_OF: Readonly<Record<number, (cell: Cell) => string>> = {
  [BsonType.double]: (cell) => doubleText(cell.toNumber()),
  [BsonType.string]: (cell) => `"${cell.toText()}"`,
  [BsonType.object]: objectText,
  [BsonType.array]: arrayText,
  [BsonType.binary]: binaryText,
  [BsonType.objectId]: (cell) => `ObjectId('${cell.bytes.toString('hex')}')`,
  [BsonType.bool]: (cell) => String(cell.toBoolean()),
  [BsonType.date]: (cell) => `new Date(${String(cell.toMillis())})`,
  [BsonType.null]: () => 'null',
  [BsonType.regex]: (cell) => `/${cell.toRegex().pattern}/${cell.toRegex().flags}`,
  [BsonType.int32]: (cell) => String(cell.toNumber()),
  [BsonType.int64]: (cell) => String(cell.toBigInt()),
  [BsonType.timestamp]: (cell) =>
    `Timestamp(${String(cell.toBigInt() >> 32n)}, ${String(cell.toBigInt() & 0xffffffffn)})`,
  [BsonType.minKey]: () => 'MinKey',
  [BsonType.maxKey]: () => 'MaxKey',
};

/** A value as MongoDB writes it into error messages, e.g. `{ a: 1, b: "x" }`. Not cut: see `shortText`. */
export function valueText(cell: Cell | undefined): string {
  if (cell === undefined) return 'missing';
  return TEXT_OF[cell.type]?.(cell) ?? '?';
}

/** The same, cut to a length that suits a message. */
export function shortText(cell: Cell | undefined): string {
  const text = valueText(cell);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text;
}
