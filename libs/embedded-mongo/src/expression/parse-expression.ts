import { BsonType } from '../bson/bson-type.js';
import { arrayOf, documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { Elements, entriesOf, fieldOf, itemsOf } from '../bson/elements.js';
import { FieldPath, type PathStep } from '../bson/field-path.js';
import { date, NULL } from '../bson/make-cell.js';
import { shortText } from '../bson/to-text.js';
import { MongoFault } from '../mongo-fault.js';
import { ARITHMETIC } from './arithmetic-operators.js';
import { ARRAYS } from './array-operators.js';
import { CONDITIONS } from './condition-operators.js';
import { CONVERSIONS } from './conversion-operators.js';
import { DATES } from './date-operators.js';
import type { Expression } from './expression.js';
import { OBJECTS } from './object-operators.js';
import type { Operators } from './operator.js';
import { STRINGS } from './string-operators.js';
import { VARIABLES } from './variable-operators.js';

const OPERATORS: Operators = {
  ...ARITHMETIC,
  ...ARRAYS,
  ...CONDITIONS,
  ...CONVERSIONS,
  ...DATES,
  ...OBJECTS,
  ...STRINGS,
  ...VARIABLES,
};

/** Follows a field path as expressions do: through an array it gives the array of what its objects hold. */
function follow(value: Cell | undefined, steps: readonly PathStep[], depth: number): Cell | undefined {
  const step = steps[depth];
  if (step === undefined || value === undefined) return value;
  if (value.type === BsonType.object) return follow(fieldOf(value, step), steps, depth + 1);
  if (value.type !== BsonType.array) return undefined;
  const found: Cell[] = [];
  const elements = new Elements(value);
  while (elements.next()) {
    const item =
      elements.type === BsonType.object || elements.type === BsonType.array
        ? follow(elements.cell, steps, depth)
        : undefined;
    if (item !== undefined) found.push(item);
  }
  return arrayOf(found);
}

const literal =
  (value: Cell): Expression =>
  () =>
    value;

function parseVariable(text: string): Expression {
  const [name = '', ...rest] = text.split('.');
  const { steps } = rest.length > 0 ? new FieldPath(rest.join('.')) : { steps: [] };
  switch (name) {
    case 'ROOT':
    case 'CURRENT':
      return ({ root }) => follow(root, steps, 0);
    case 'NOW': {
      const now = date(Date.now());
      return () => follow(now, steps, 0);
    }
    case 'REMOVE':
      return () => undefined;
    default:
      return ({ variables }) => {
        if (!variables.has(name)) throw new MongoFault(17276, `Use of undefined variable: ${name}`);
        return follow(variables.get(name), steps, 0);
      };
  }
}

function parseString(source: Cell): Expression {
  const text = source.toText();
  if (text.startsWith('$$')) return parseVariable(text.slice(2));
  if (!text.startsWith('$')) return literal(source);
  if (text === '$') throw new MongoFault(16872, "'$' by itself is not a valid FieldPath");
  const { steps } = new FieldPath(text.slice(1));
  return ({ root }) => follow(root, steps, 0);
}

/** Whether there is an operator of that name. */
export const isOperator = (name: string): boolean => Object.hasOwn(OPERATORS, name);

function parseObject(source: Cell): Expression {
  const entries = entriesOf(source);
  const operatorEntry = entries.find(([name]) => name.startsWith('$'));
  if (operatorEntry !== undefined) {
    if (entries.length > 1) {
      throw new MongoFault(
        15983,
        `An object representing an expression must have exactly one field: ${shortText(source)}`,
      );
    }
    const [name, argument] = operatorEntry;
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator === undefined) throw new MongoFault(168, `Unrecognized expression '${name}'`);
    return operator(argument, parseExpression);
  }
  const fields = entries.map(([name, value]) => [name, parseExpression(value)] as const);
  return (scope) => documentOf(fields.map(([name, expression]) => [name, expression(scope)] as const));
}

/**
 * Parses an aggregation expression (manual, "Aggregation Expressions"): a path, a literal, an operator, or an object or
 * array of expressions.
 * @throws MongoFault 168 for an operator that is not served, others as MongoDB
 */
export function parseExpression(source: Cell): Expression {
  switch (source.type) {
    case BsonType.string:
      return parseString(source);
    case BsonType.object:
      return parseObject(source);
    case BsonType.array: {
      const items = itemsOf(source).map(parseExpression);
      return (scope) => arrayOf(items.map((item) => item(scope) ?? NULL));
    }
    default:
      return literal(source);
  }
}
