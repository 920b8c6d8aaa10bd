import { BsonType, Rank, rankOf } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { Elements, itemsOf } from '../bson/elements.js';
import type { FieldPath } from '../bson/field-path.js';
import { valueKey } from '../bson/key-encoding.js';
import { toWhole } from '../bson/numbers.js';
import { areEqual, compareCells } from '../bson/value-order.js';
import { isTruthy, rootScope } from '../expression/expression.js';
import type { Comparison, Filter, Pattern, ValueTest } from './filter.js';
import { PathWalk } from './visit-path.js';

/** Receives the index of the array item by which a document matched: what `$` stands for in an update. */
export interface ArrayHit {
  index: number;
}

/** Tells whether a document matches. */
export type Matcher = (document: Cell, hit?: ArrayHit) => boolean;
/** Tells whether one value passes; undefined stands for a missing field. */
type ValueMatcher = (value: Cell | undefined) => boolean;

const ACCEPTS: Readonly<Record<Exclude<Comparison, 'eq'>, (order: number) => boolean>> = {
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
};

const isNaNCell = (value: Cell): boolean => value.type === BsonType.double && Number.isNaN(value.toNumber());

/**
 * `$gt` and its like compare only values of the same kind (manual, "Comparison Query Operators", type bracketing),
 * except with MinKey and MaxKey; a missing field counts as null; NaN is neither above nor below anything.
 */
function comparison(operator: Comparison, operand: Cell): ValueMatcher {
  if (operator === 'eq') return (value) => areEqual(value, operand);
  const accepts = ACCEPTS[operator];
  const rank = rankOf(operand.type);
  if (rank === Rank.minKey || rank === Rank.maxKey) return (value) => accepts(compareCells(value, operand));
  const operandIsNaN = isNaNCell(operand);
  return (value) => {
    if (rankOf(value?.type ?? BsonType.null) !== rank) return false;
    if (value !== undefined && isNaNCell(value) !== operandIsNaN) return false;
    return accepts(compareCells(value, operand));
  };
}

function regex(pattern: Pattern): ValueMatcher {
  return (value) => {
    if (value?.type === BsonType.string) return pattern.regexp.test(value.toText());
    return value?.type === BsonType.regex && areEqual(value, pattern.source);
  };
}

function oneOf(values: readonly Cell[], patterns: readonly Pattern[]): ValueMatcher {
  const keys = new Set(values.map(valueKey));
  const others = patterns.map(regex);
  return (value) => keys.has(valueKey(value)) || others.some((test) => test(value));
}

function modulo(divisor: bigint, expected: bigint): ValueMatcher {
  return (value) => {
    const whole = value === undefined ? undefined : toWhole(value);
    return whole !== undefined && whole % divisor === expected;
  };
}

const countItems = (array: Cell): number => {
  const elements = new Elements(array);
  let count = 0;
  while (elements.next()) count++;
  return count;
};

function someItem(test: (item: Cell) => boolean): ValueMatcher {
  return (value) => value?.type === BsonType.array && itemsOf(value).some(test);
}

function compileTest(test: ValueTest): ValueMatcher {
  switch (test.kind) {
    case 'compare':
      return comparison(test.operator, test.value);
    case 'in':
      return oneOf(test.values, test.patterns);
    case 'exists':
      return (value) => value !== undefined;
    case 'type':
      return (value) => value !== undefined && test.types.has(value.type);
    case 'mod':
      return modulo(test.divisor, test.remainder);
    case 'regex':
      return regex(test.pattern);
    case 'size':
      return (value) => value?.type === BsonType.array && countItems(value) === test.size;
    case 'someObject': {
      const matches = compileFilter(test.filter);
      return someItem((item) => item.isContainer && matches(item));
    }
    case 'someValue':
      return someItem(compileFilter(test.filter));
  }
}

/** Finds the first matching item of an array tested by `$elemMatch`: what the positional operator means then. */
function itemFinder(test: ValueTest): (array: Cell | undefined) => number {
  if (test.kind !== 'someObject' && test.kind !== 'someValue') return () => -1;
  const matches = compileFilter(test.filter);
  const onValues = test.kind === 'someValue';
  return (array) =>
    array?.type === BsonType.array
      ? itemsOf(array).findIndex((item) => (onValues || item.isContainer) && matches(item))
      : -1;
}

function compileField(path: FieldPath | undefined, test: ValueTest): Matcher {
  const passes = compileTest(test);
  if (path === undefined) return passes;
  const findItem = itemFinder(test);
  const onWholeArray = test.kind === 'size' || test.kind === 'someObject' || test.kind === 'someValue';
  return (document, hit) => {
    let index = -1;
    const matched = new PathWalk(path, !onWholeArray, (value, outerIndex) => {
      if (!passes(value)) return false;
      index = outerIndex < 0 && hit !== undefined ? findItem(value) : outerIndex;
      return true;
    }).in(document);
    if (matched && hit !== undefined && index >= 0) hit.index = index;
    return matched;
  };
}

/** Compiles a filter into a function over documents (or over single values, inside `$elemMatch`). */
export function compileFilter(filter: Filter): Matcher {
  switch (filter.kind) {
    case 'and': {
      const parts = filter.parts.map(compileFilter);
      return (document, hit) => parts.every((part) => part(document, hit));
    }
    case 'or': {
      const parts = filter.parts.map(compileFilter);
      return (document, hit) => parts.some((part) => part(document, hit));
    }
    case 'nor': {
      const parts = filter.parts.map(compileFilter);
      return (document) => !parts.some((part) => part(document));
    }
    case 'not': {
      const part = compileFilter(filter.part);
      return (document) => !part(document);
    }
    case 'field':
      return compileField(filter.path, filter.test);
    case 'expression':
      return (document) => isTruthy(filter.expression(rootScope(document)));
    case 'never':
      return () => false;
  }
}
