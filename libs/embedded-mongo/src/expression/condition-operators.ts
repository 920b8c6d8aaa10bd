import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { itemsOf } from '../bson/elements.js';
import { bool, int32, NULL } from '../bson/make-cell.js';
import { compareCells } from '../bson/value-order.js';
import { MongoFault } from '../mongo-fault.js';
import { type Expression, isNullish, isTruthy } from './expression.js';
import { lazyOperator, namedArguments, operator, type OperatorParser, type Operators, type Value } from './operator.js';

const MANY = Number.MAX_SAFE_INTEGER;

/** Unlike in filters, a missing value is less than null here, so `{ $eq: ['$missing', null] }` is false. */
function order(a: Value, b: Value): number {
  if (a === undefined || b === undefined) return Number(b === undefined) - Number(a === undefined);
  return Math.sign(compareCells(a, b));
}

const comparison = (name: string, accepts: (order: number) => boolean): OperatorParser =>
  operator(name, 2, 2, (a, b) => bool(accepts(order(a, b))));

function choose(condition: Expression, then: Expression, otherwise: Expression): Expression {
  return (scope) => (isTruthy(condition(scope)) ? then(scope) : otherwise(scope));
}

const parseCond: OperatorParser = (argument, parse) => {
  if (argument.type === BsonType.array) {
    const parts = itemsOf(argument).map(parse);
    if (parts.length !== 3) throw new MongoFault(16020, 'Expression $cond takes exactly 3 arguments.');
    return choose(...(parts as [Expression, Expression, Expression]));
  }
  const given = namedArguments('$cond', argument, ['if', 'then', 'else']);
  return choose(parse(given.if), parse(given.then), parse(given.else));
};

const parseSwitch: OperatorParser = (argument, parse) => {
  const given = namedArguments('$switch', argument, ['branches'], ['default']);
  const branches = itemsOf(given.branches).map((branch): readonly [Expression, Expression] => {
    const { case: condition, then } = namedArguments('$switch', branch, ['case', 'then']);
    return [parse(condition), parse(then)];
  });
  if (branches.length === 0) throw new MongoFault(40068, '$switch requires at least one branch.');
  const otherwise = given.default === undefined ? undefined : parse(given.default);
  return (scope) => {
    const hit = branches.find(([condition]) => isTruthy(condition(scope)));
    if (hit !== undefined) return hit[1](scope);
    if (otherwise !== undefined) return otherwise(scope);
    throw new MongoFault(40066, '$switch could not find a matching branch for an input, and no default was specified.');
  };
};

function firstPresent(operands: readonly Expression[], evaluate: (operand: Expression) => Value): Value {
  for (const operand of operands.slice(0, -1)) {
    const value = evaluate(operand);
    if (!isNullish(value)) return value;
  }
  return evaluate(operands.at(-1) as Expression);
}

/** A document literal is taken as it is, without looking for expressions in it. */
const parseLiteral: OperatorParser = (argument: Cell) => () => argument;

/** Comparison, boolean and conditional operators. */
export const CONDITIONS: Operators = {
  $eq: comparison('$eq', (sign) => sign === 0),
  $ne: comparison('$ne', (sign) => sign !== 0),
  $gt: comparison('$gt', (sign) => sign > 0),
  $gte: comparison('$gte', (sign) => sign >= 0),
  $lt: comparison('$lt', (sign) => sign < 0),
  $lte: comparison('$lte', (sign) => sign <= 0),
  $cmp: operator('$cmp', 2, 2, (a, b) => int32(order(a, b))),
  $and: lazyOperator('$and', 0, MANY, (all, scope) => bool(all.every((part) => isTruthy(part(scope))))),
  $or: lazyOperator('$or', 0, MANY, (all, scope) => bool(all.some((part) => isTruthy(part(scope))))),
  $not: operator('$not', 1, 1, (value) => bool(!isTruthy(value))),
  $cond: parseCond,
  $switch: parseSwitch,
  $ifNull: lazyOperator('$ifNull', 2, MANY, (all, scope) => firstPresent(all, (operand) => operand(scope)) ?? NULL),
  $literal: parseLiteral,
};
