import { BsonType, typeName } from '../bson/bson-type.js';
import { arrayOf, documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf, FieldName, fieldOf, itemsOf } from '../bson/elements.js';
import { NULL, string } from '../bson/make-cell.js';
import { MongoFault } from '../mongo-fault.js';
import { isNullish } from './expression.js';
import { namedArguments, operator, type OperatorParser, type Operators, type Value } from './operator.js';

const MANY = Number.MAX_SAFE_INTEGER;
const K = new FieldName('k');
const V = new FieldName('v');

/** Later documents win, field by field; the place of a field is where it came first. */
export function mergeObjects(...values: Value[]): Cell {
  const merged = new Map<string, Cell>();
  for (const value of values) {
    if (isNullish(value)) continue;
    if (value.type !== BsonType.object) {
      throw new MongoFault(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value.type)}`);
    }
    for (const [name, field] of entriesOf(value)) merged.set(name, field);
  }
  return documentOf(merged);
}

function objectToArray(value: Value): Value {
  if (isNullish(value)) return NULL;
  if (value.type !== BsonType.object) {
    throw new MongoFault(40390, `$objectToArray requires a document input, found: ${typeName(value.type)}`);
  }
  return arrayOf(
    entriesOf(value).map(([name, field]) =>
      documentOf([
        ['k', string(name)],
        ['v', field],
      ]),
    ),
  );
}

function pairOf(item: Cell): readonly [string, Cell] {
  const [key, value] = item.type === BsonType.array ? itemsOf(item) : [item, undefined];
  const name = item.type === BsonType.object ? fieldOf(item, K) : key;
  const field = item.type === BsonType.object ? fieldOf(item, V) : value;
  if (name?.type !== BsonType.string || field === undefined) {
    throw new MongoFault(40392, '$arrayToObject requires an array of [key, value] pairs or of { k, v } documents');
  }
  return [name.toText(), field];
}

function arrayToObject(value: Value): Value {
  if (isNullish(value)) return NULL;
  if (value.type !== BsonType.array) {
    throw new MongoFault(40386, `$arrayToObject requires an array input, found: ${typeName(value.type)}`);
  }
  return documentOf(new Map(itemsOf(value).map(pairOf)));
}

const parseGetField: OperatorParser = (argument, parse) => {
  const given =
    argument.type === BsonType.object
      ? namedArguments('$getField', argument, ['field'], ['input'])
      : { field: argument, input: undefined };
  if (given.field.type !== BsonType.string) throw new MongoFault(5654602, '$getField requires a constant string');
  const name = new FieldName(given.field.toText());
  const input = given.input === undefined ? undefined : parse(given.input);
  return (scope) => {
    const object = input === undefined ? scope.root : input(scope);
    return object?.type === BsonType.object ? fieldOf(object, name) : undefined;
  };
};

/** Object operators. */
export const OBJECTS: Operators = {
  $mergeObjects: operator('$mergeObjects', 0, MANY, mergeObjects),
  $objectToArray: operator('$objectToArray', 1, 1, objectToArray),
  $arrayToObject: operator('$arrayToObject', 1, 1, arrayToObject),
  $getField: parseGetField,
};
