import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';

/** What an expression is evaluated against: the document in the pipeline and the variables bound around it. */
export interface Scope {
  readonly root: Cell;
  readonly variables: ReadonlyMap<string, Cell | undefined>;
}

/** A parsed aggregation expression. Undefined means "missing": MongoDB tells it apart from null. */
export type Expression = (scope: Scope) => Cell | undefined;

const NO_VARIABLES: ReadonlyMap<string, Cell | undefined> = new Map();

/** The scope of a document with no variables bound but the predefined ones. */
export const rootScope = (root: Cell, variables = NO_VARIABLES): Scope => ({ root, variables });

/** The scope with one more variable. */
export function bind(scope: Scope, name: string, value: Cell | undefined): Scope {
  return { root: scope.root, variables: new Map(scope.variables).set(name, value) };
}

/** Null and missing: most operators answer null for them. */
export const isNullish = (value: Cell | undefined): value is undefined =>
  value === undefined || value.type === BsonType.null;

/** Truth in expressions: everything but false, null, missing and zero (manual, "Boolean Aggregation Operators"). */
export function isTruthy(value: Cell | undefined): boolean {
  if (isNullish(value)) return false;
  const present: Cell = value;
  if (present.type === BsonType.bool) return present.toBoolean();
  return !present.isNumber || present.toNumber() !== 0;
}
