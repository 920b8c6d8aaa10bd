import { BsonType } from '../bson/bson-type.js';
import { arrayOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf, itemsOf } from '../bson/elements.js';
import { NULL } from '../bson/make-cell.js';
import { MongoFault } from '../mongo-fault.js';
import { bind, type Expression, isNullish, isTruthy, type Scope } from './expression.js';
import { namedArguments, textArgument, type OperatorParser, type Operators } from './operator.js';

/** Evaluates an expression that must give an array; null and missing stay null. */
function arrayInput(name: string, input: Expression, scope: Scope): readonly Cell[] | undefined {
  const value = input(scope);
  if (isNullish(value)) return undefined;
  if (value.type !== BsonType.array) throw new MongoFault(28651, `input to ${name} must be an array`);
  return itemsOf(value);
}

const nameOf = (source: Cell | undefined, fallback: string): string =>
  source === undefined ? fallback : textArgument('as', source);

const parseLet: OperatorParser = (argument, parse) => {
  const given = namedArguments('$let', argument, ['vars', 'in']);
  const variables = entriesOf(given.vars).map(([name, value]) => [name, parse(value)] as const);
  const body = parse(given.in);
  return (scope) => {
    const bound = new Map(scope.variables);
    for (const [name, value] of variables) bound.set(name, value(scope));
    return body({ root: scope.root, variables: bound });
  };
};

const parseMap: OperatorParser = (argument, parse) => {
  const given = namedArguments('$map', argument, ['input', 'in'], ['as']);
  const [input, body, name] = [parse(given.input), parse(given.in), nameOf(given.as, 'this')];
  return (scope) => {
    const items = arrayInput('$map', input, scope);
    return items === undefined ? NULL : arrayOf(items.map((item) => body(bind(scope, name, item)) ?? NULL));
  };
};

const parseFilterOperator: OperatorParser = (argument, parse) => {
  const given = namedArguments('$filter', argument, ['input', 'cond'], ['as', 'limit']);
  const [input, condition, name] = [parse(given.input), parse(given.cond), nameOf(given.as, 'this')];
  const limit = given.limit === undefined ? undefined : parse(given.limit);
  return (scope) => {
    const items = arrayInput('$filter', input, scope);
    if (items === undefined) return NULL;
    const kept = items.filter((item) => isTruthy(condition(bind(scope, name, item))));
    return arrayOf(kept.slice(0, limit?.(scope)?.toNumber() ?? kept.length));
  };
};

const parseReduce: OperatorParser = (argument, parse) => {
  const given = namedArguments('$reduce', argument, ['input', 'initialValue', 'in']);
  const [input, initial, body] = [parse(given.input), parse(given.initialValue), parse(given.in)];
  return (scope) => {
    const items = arrayInput('$reduce', input, scope);
    if (items === undefined) return NULL;
    return items.reduce((value, item) => body(bind(bind(scope, 'value', value), 'this', item)), initial(scope));
  };
};

/** Operators which bind variables. */
export const VARIABLES: Operators = {
  $let: parseLet,
  $map: parseMap,
  $filter: parseFilterOperator,
  $reduce: parseReduce,
};
