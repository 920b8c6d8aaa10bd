import { BsonType } from '../bson/bson-type.js';
import { arrayOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { valueKey } from '../bson/key-encoding.js';
import { double, int32, NULL } from '../bson/make-cell.js';
import { add } from '../bson/numbers.js';
import { compareCells } from '../bson/value-order.js';
import { mergeObjects } from '../expression/object-operators.js';
import { MongoFault } from '../mongo-fault.js';
import type { MemoryBudget } from './memory-budget.js';

/** Gathers the values of one field of one group. */
export interface Accumulator {
  add(value: Cell | undefined): void;
  result(): Cell;
}

type AccumulatorFactory = (budget: MemoryBudget) => Accumulator;

const sizeOf = (value: Cell): number => value.end - value.start + 32;

function sum(): Accumulator {
  let total: Cell = int32(0);
  return {
    add: (value) => {
      if (value?.isNumber === true) total = add(total, value);
    },
    result: () => total,
  };
}

function average(): Accumulator {
  const total = sum();
  let count = 0;
  return {
    add: (value) => {
      if (value?.isNumber !== true) return;
      count++;
      total.add(value);
    },
    result: () => (count === 0 ? NULL : double(total.result().toNumber() / count)),
  };
}

/** Null and missing do not count, unless there is nothing else. */
const extreme = (sign: number) => (): Accumulator => {
  let best: Cell | undefined;
  return {
    add: (value) => {
      if (value === undefined || value.type === BsonType.null) return;
      if (best === undefined || compareCells(value, best) * sign > 0) best = value;
    },
    result: () => best ?? NULL,
  };
};

function first(): Accumulator {
  let found: Cell | undefined;
  return { add: (value) => (found ??= value ?? NULL), result: () => found ?? NULL };
}

function last(): Accumulator {
  let found: Cell = NULL;
  return { add: (value) => (found = value ?? NULL), result: () => found };
}

function push(budget: MemoryBudget): Accumulator {
  const items: Cell[] = [];
  return {
    add: (value) => {
      if (value === undefined) return;
      budget.take(sizeOf(value));
      items.push(value);
    },
    result: () => arrayOf(items),
  };
}

function addToSet(budget: MemoryBudget): Accumulator {
  const items = new Map<string, Cell>();
  return {
    add: (value) => {
      if (value === undefined) return;
      const key = valueKey(value);
      if (items.has(key)) return;
      budget.take(sizeOf(value) + key.length);
      items.set(key, value);
    },
    result: () => arrayOf([...items.values()]),
  };
}

function merge(): Accumulator {
  let merged: Cell | undefined;
  return { add: (value) => (merged = mergeObjects(merged, value)), result: () => merged ?? mergeObjects() };
}

const ACCUMULATORS: Readonly<Record<string, AccumulatorFactory>> = {
  $sum: sum,
  $avg: average,
  $min: extreme(-1),
  $max: extreme(1),
  $first: first,
  $last: last,
  $push: push,
  $addToSet: addToSet,
  $mergeObjects: merge,
};

/** @throws MongoFault 15952 for an accumulator that is not served */
export function accumulatorNamed(name: string): AccumulatorFactory {
  const factory = Object.hasOwn(ACCUMULATORS, name) ? ACCUMULATORS[name] : undefined;
  if (factory === undefined) throw new MongoFault(15952, `unknown group operator '${name}'`);
  return factory;
}
