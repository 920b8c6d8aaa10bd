import { BsonType, typeName } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf, isEmpty, itemsOf } from '../bson/elements.js';
import { FieldPath } from '../bson/field-path.js';
import { parseExpression } from '../expression/parse-expression.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import { allOf, type Filter, type ValueTest } from './filter.js';
import { firstName, isOperatorDocument, parsePredicate, regexFilter } from './parse-predicate.js';

/** Operators of MongoDB which are known and not served: they are refused by name, not called unknown. */
const REFUSED = new Set(['$where', '$text', '$jsonSchema', '$sampleRate', '$near', '$nearSphere']);
const LOGICAL = /^\$(?:and|or|nor|expr)$/;
const ALWAYS: Filter = { kind: 'and', parts: [] };
/** All operators of one field: they must all hold. */
export function parseOperators(path: FieldPath | undefined, operators: Cell): Filter {
  const entries = entriesOf(operators);
  const options = entries.find(([name]) => name === '$options')?.[1];
  if (options !== undefined && !entries.some(([name]) => name === '$regex')) {
    throw new MongoFault(2, '$options needs a $regex');
  }
  const parts = entries
    .filter(([name]) => name !== '$options')
    .map(([name, value]) => {
      const nested = Object.hasOwn(NESTED, name) ? NESTED[name] : undefined;
      return nested === undefined ? parsePredicate({ path, name, value, options }) : nested(path, value);
    });
  return allOf(parts);
}

function parseNot(path: FieldPath | undefined, value: Cell): Filter {
  if (value.type === BsonType.regex) return { kind: 'not', part: regexFilter(path, value) };
  if (value.type !== BsonType.object) throw new MongoFault(2, '$not needs a regex or a document');
  if (isEmpty(value)) throw new MongoFault(2, '$not cannot be empty');
  if (!isOperatorDocument(value)) throw new MongoFault(2, `unknown operator: ${entriesOf(value)[0]?.[0] ?? ''}`);
  return { kind: 'not', part: parseOperators(path, value) };
}

function parseElemMatch(path: FieldPath | undefined, value: Cell): Filter {
  if (value.type !== BsonType.object) throw new MongoFault(2, '$elemMatch needs an Object');
  const onValues = isOperatorDocument(value) && !LOGICAL.test(firstName(value));
  const test: ValueTest = onValues
    ? { kind: 'someValue', filter: parseOperators(undefined, value) }
    : { kind: 'someObject', filter: parseFilter(value) };
  return { kind: 'field', path, test };
}

function parseAllItem(path: FieldPath | undefined, item: Cell): Filter {
  if (item.type === BsonType.regex) return regexFilter(path, item);
  if (!isOperatorDocument(item)) return { kind: 'field', path, test: { kind: 'compare', operator: 'eq', value: item } };
  if (firstName(item) === '$elemMatch') return parseOperators(path, item);
  throw new MongoFault(2, 'no $ expressions in $all');
}

function parseAll(path: FieldPath | undefined, value: Cell): Filter {
  if (value.type !== BsonType.array) throw new MongoFault(2, '$all needs an array');
  if (isEmpty(value)) return { kind: 'never' };
  return { kind: 'and', parts: itemsOf(value).map((item) => parseAllItem(path, item)) };
}

/** Operators whose argument holds conditions itself. */
const NESTED: Readonly<Record<string, (path: FieldPath | undefined, value: Cell) => Filter>> = {
  $not: parseNot,
  $elemMatch: parseElemMatch,
  $all: parseAll,
};

function parseField(name: string, value: Cell): Filter {
  const path = new FieldPath(name);
  if (isOperatorDocument(value)) return parseOperators(path, value);
  if (value.type === BsonType.regex) return regexFilter(path, value);
  return { kind: 'field', path, test: { kind: 'compare', operator: 'eq', value } };
}

function parseList(value: Cell): readonly Filter[] {
  if (value.type !== BsonType.array || isEmpty(value)) {
    throw new MongoFault(2, '$and/$or/$nor must be a nonempty array');
  }
  return itemsOf(value).map((item) => {
    if (item.type !== BsonType.object) throw new MongoFault(2, '$or/$and/$nor entries need to be full objects');
    return parseFilter(item);
  });
}

function parseTopLevel(name: string, value: Cell): Filter {
  switch (name) {
    case '$and':
      return { kind: 'and', parts: parseList(value) };
    case '$or':
      return { kind: 'or', parts: parseList(value) };
    case '$nor':
      return { kind: 'nor', parts: parseList(value) };
    case '$expr':
      return { kind: 'expression', expression: parseExpression(value) };
    case '$comment':
      return ALWAYS;
    default:
      if (REFUSED.has(name)) return refuse(`the operator ${name}`);
      throw new MongoFault(
        2,
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

/**
 * Parses a filter document (manual, "Query and Projection Operators").
 * @throws MongoFault 2 for what MongoDB does not accept, 238 for what is not served
 */
export function parseFilter(document: Cell): Filter {
  if (document.type !== BsonType.object) {
    throw new MongoFault(14, `a filter must be an object, not ${typeName(document.type)}`);
  }
  const parts = entriesOf(document).map(([name, value]) =>
    name.startsWith('$') ? parseTopLevel(name, value) : parseField(name, value),
  );
  return allOf(parts);
}
