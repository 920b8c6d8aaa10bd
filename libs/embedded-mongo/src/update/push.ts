import { BsonType, typeName } from '../bson/bson-type.js';
import { documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf, isEmpty, itemsOf } from '../bson/elements.js';
import { toWhole } from '../bson/numbers.js';
import { MongoFault } from '../mongo-fault.js';
import { firstName } from '../query/parse-predicate.js';
import { parseSort } from '../query/sort-order.js';
import { compareCells } from '../bson/value-order.js';
import { KeyMaker } from '../store/index-keys.js';

/** Makes the new items out of the old ones. */
type Change = (items: readonly Cell[]) => Cell[];

const bad = (message: string): never => {
  throw new MongoFault(2, message);
};

function whole(name: string, value: Cell): number {
  const number = toWhole(value);
  return number === undefined
    ? bad(`The value for ${name} must be an integer value but was given type: ${typeName(value.type)}`)
    : Number(number);
}

/** `$sort: 1` compares whole items, `$sort: { field: 1 }` the fields of items that are objects. */
function sorting(argument: Cell): Change {
  if (argument.isNumber) {
    const sign = argument.toNumber();
    if (sign !== 1 && sign !== -1) bad('The $sort element value must be either 1 or -1');
    return (items) => items.toSorted((a, b) => compareCells(a, b) * sign);
  }
  if (argument.type !== BsonType.object || isEmpty(argument)) {
    bad('The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields');
  }
  const keys = new KeyMaker(parseSort(argument));
  const keyOf = (item: Cell): Buffer => keys.sortKeyOf(item.type === BsonType.object ? item : documentOf([]));
  return (items) =>
    items
      .map((item) => [keyOf(item), item] as const)
      .sort(([a], [b]) => a.compare(b))
      .map(([, item]) => item);
}

function slicing(argument: Cell): Change {
  const count = whole('$slice', argument);
  if (count === 0) return () => [];
  return (items) => (count > 0 ? items.slice(0, count) : items.slice(count));
}

function inserting(values: readonly Cell[], position: number | undefined): Change {
  return (items) => {
    if (position === undefined) return [...items, ...values];
    const at = position < 0 ? Math.max(0, items.length + position) : Math.min(position, items.length);
    return [...items.slice(0, at), ...values, ...items.slice(at)];
  };
}

const KNOWN = new Set(['$each', '$position', '$sort', '$slice']);

/**
 * Reads the argument of `$push`: a value, or `{ $each, $position, $sort, $slice }` (applied in this order, however they
 * are written).
 * @throws MongoFault 2, 14
 */
export function parsePush(argument: Cell): Change {
  const isModified = argument.type === BsonType.object && !isEmpty(argument) && firstName(argument).startsWith('$');
  if (!isModified) return inserting([argument], undefined);
  const given = new Map(entriesOf(argument));
  for (const name of given.keys()) if (!KNOWN.has(name)) bad(`Unrecognized clause in $push: ${name}`);
  const each = given.get('$each');
  if (each?.type !== BsonType.array) throw new MongoFault(2, 'The argument to $each in $push must be an array');
  const [position, sort, slice] = [given.get('$position'), given.get('$sort'), given.get('$slice')];
  const steps: Change[] = [inserting(itemsOf(each), position && whole('$position', position))];
  if (sort !== undefined) steps.push(sorting(sort));
  if (slice !== undefined) steps.push(slicing(slice));
  return (items) => steps.reduce<Cell[]>((current, step) => step(current), [...items]);
}
