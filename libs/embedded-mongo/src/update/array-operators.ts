import { BsonType, typeName } from '../bson/bson-type.js';
import { Cell } from '../bson/cell.js';
import { ArrayNode, closed, opened } from '../bson/document-tree.js';
import { isEmpty, itemsOf } from '../bson/elements.js';
import { areEqual } from '../bson/value-order.js';
import { MongoFault } from '../mongo-fault.js';
import { compileFilter } from '../query/matcher.js';
import { parseFilter, parseOperators } from '../query/parse-filter.js';
import { firstName, isOperatorDocument, regexFilter } from '../query/parse-predicate.js';
import type { FieldOperatorParser } from './operator.js';
import { parsePush } from './push.js';
import type { Slot } from './slot.js';

/** The array in a slot, opened; undefined when the slot is empty. */
function arrayIn(slot: Slot, notAnArray: (type: string) => MongoFault): ArrayNode | undefined {
  if (slot.node === undefined) return undefined;
  const node = opened(slot.node);
  if (node instanceof ArrayNode) return node;
  throw notAnArray(node instanceof Cell ? typeName(node.type) : 'object');
}

const mustBeArray =
  (slot: Slot, idText: string) =>
  (type: string): MongoFault =>
    new MongoFault(2, `The field '${slot.path}' must be an array but is of type ${type} in document {_id: ${idText}}`);

const push: FieldOperatorParser = (argument) => {
  const change = parsePush(argument);
  return {
    creates: true,
    apply: (slot, { idText }) => {
      const array = arrayIn(slot, mustBeArray(slot, idText)) ?? new ArrayNode();
      slot.set(new ArrayNode(change(array.items.map(closed))));
    },
  };
};

/** The values of `$addToSet: value` or `$addToSet: { $each: [...] }`. */
function valuesToAdd(argument: Cell): readonly Cell[] {
  const isDocument = argument.type === BsonType.object && !isEmpty(argument);
  if (!isDocument || firstName(argument) !== '$each') return [argument];
  const [values, ...others] = itemsOf(argument);
  if (values?.type !== BsonType.array) throw new MongoFault(14, 'The argument to $each in $addToSet must be an array');
  if (others.length > 0) throw new MongoFault(2, 'Found unexpected fields after $each in $addToSet');
  return itemsOf(values);
}

const addToSet: FieldOperatorParser = (argument) => {
  const values = valuesToAdd(argument);
  return {
    creates: true,
    apply: (slot, { idText }) => {
      const items = (arrayIn(slot, mustBeArray(slot, idText)) ?? new ArrayNode()).items.map(closed);
      const missing: Cell[] = [];
      for (const value of values) {
        if (![...items, ...missing].some((item) => areEqual(item, value))) missing.push(value);
      }
      if (missing.length > 0 || slot.node === undefined) slot.set(new ArrayNode([...items, ...missing]));
    },
  };
};

/** Which items `$pull` takes out: equal to a value, or passing conditions. */
function pullTest(argument: Cell): (item: Cell) => boolean {
  if (argument.type === BsonType.regex) return compileFilter(regexFilter(undefined, argument));
  if (argument.type !== BsonType.object) return (item) => areEqual(item, argument);
  if (isOperatorDocument(argument)) return compileFilter(parseOperators(undefined, argument));
  const matches = compileFilter(parseFilter(argument));
  return (item) => item.type === BsonType.object && matches(item);
}

/** An operator that takes items out. */
const removing =
  (name: string, test: (item: Cell) => boolean) =>
  (slot: Slot): void => {
    const array = arrayIn(slot, () => new MongoFault(2, `Cannot apply ${name} to a non-array value`));
    if (array === undefined) return;
    const kept = array.items.filter((item) => !test(closed(item)));
    if (kept.length < array.items.length) slot.set(new ArrayNode(kept));
  };

const pull: FieldOperatorParser = (argument) => ({ creates: false, apply: removing('$pull', pullTest(argument)) });

const pullAll: FieldOperatorParser = (argument) => {
  if (argument.type !== BsonType.array)
    throw new MongoFault(2, '$pullAll requires an array argument but was given a ' + typeName(argument.type));
  const values = itemsOf(argument);
  return { creates: false, apply: removing('$pullAll', (item) => values.some((value) => areEqual(value, item))) };
};

const pop: FieldOperatorParser = (argument) => {
  const end = argument.isNumber ? argument.toNumber() : NaN;
  if (end !== 1 && end !== -1) throw new MongoFault(9, `$pop expects 1 or -1, found: ${String(end)}`);
  return {
    creates: false,
    apply: (slot) => {
      const array = arrayIn(
        slot,
        (type) => new MongoFault(14, `Path '${slot.path}' contains an element of non-array type '${type}'`),
      );
      if (array === undefined || array.items.length === 0) return;
      slot.set(new ArrayNode(end === 1 ? array.items.slice(0, -1) : array.items.slice(1)));
    },
  };
};

/** Operators on arrays (manual, "Array Update Operators"). */
export const ARRAY_OPERATORS: Readonly<Record<string, FieldOperatorParser>> = {
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
};
