import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf, itemsOf } from '../bson/elements.js';
import { MongoFault } from '../mongo-fault.js';
import type { Expression, Scope } from './expression.js';

/** Parses a nested expression; handed in, so that operators need not import the parser that knows them all. */
export type ParseExpression = (source: Cell) => Expression;
/** Makes an operator's expression out of its argument. */
export type OperatorParser = (argument: Cell, parse: ParseExpression) => Expression;
/** The operators of one family by their names. */
export type Operators = Readonly<Record<string, OperatorParser>>;
/** A value or missing. */
export type Value = Cell | undefined;

/** The text of an argument that must be a string. @throws MongoFault 9 */
export function textArgument(name: string, argument: Cell): string {
  if (argument.type !== BsonType.string) throw new MongoFault(9, `${name} must be a string`);
  return argument.toText();
}

/** How many operands an operator takes. */
interface Arity {
  readonly least: number;
  readonly most: number;
}

/** The operands of `$op: [a, b]` or `$op: a`. */
export const operandsOf = (argument: Cell): readonly Cell[] =>
  argument.type === BsonType.array ? itemsOf(argument) : [argument];

function checkArity(name: string, count: number, { least, most }: Arity): void {
  if (count >= least && count <= most) return;
  const wanted = least === most ? `exactly ${String(least)}` : `${String(least)} to ${String(most)}`;
  throw new MongoFault(16020, `Expression ${name} takes ${wanted} arguments. ${String(count)} were passed in.`);
}

/** An operator over evaluated operands: `apply` receives their values in order. */
export function operator(
  name: string,
  least: number,
  most: number,
  apply: (...values: Value[]) => Value,
): OperatorParser {
  return (argument, parse) => {
    const operands = operandsOf(argument);
    checkArity(name, operands.length, { least, most });
    const parsed = operands.map(parse);
    if (parsed.length === 1) {
      const [only] = parsed as [Expression];
      return (scope) => apply(only(scope));
    }
    return (scope) => apply(...parsed.map((operand) => operand(scope)));
  };
}

/** An operator which decides itself which operands to evaluate. */
export function lazyOperator(
  name: string,
  least: number,
  most: number,
  evaluate: (operands: readonly Expression[], scope: Scope) => Value,
): OperatorParser {
  return (argument, parse) => {
    const operands = operandsOf(argument);
    checkArity(name, operands.length, { least, most });
    const parsed = operands.map(parse);
    return (scope) => evaluate(parsed, scope);
  };
}

/**
 * The named arguments of an operator such as `$filter: { input, as, cond }`.
 * @throws MongoFault 9 when one is missing or unknown
 */
export function namedArguments<Required extends string, Optional extends string = never>(
  name: string,
  argument: Cell,
  required: readonly Required[],
  optional: readonly Optional[] = [],
): Record<Required, Cell> & Partial<Record<Optional, Cell>> {
  if (argument.type !== BsonType.object) {
    throw new MongoFault(9, `${name} only supports an object as its argument`);
  }
  const given = new Map(entriesOf(argument));
  const known: readonly string[] = [...required, ...optional];
  for (const key of given.keys()) {
    if (!known.includes(key)) throw new MongoFault(9, `Unrecognized argument to ${name}: ${key}`);
  }
  for (const key of required) {
    if (!given.has(key)) throw new MongoFault(9, `Missing '${key}' parameter to ${name}`);
  }
  return Object.fromEntries(given) as Record<Required, Cell> & Partial<Record<Optional, Cell>>;
}
