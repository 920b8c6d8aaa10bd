import type { Cell } from '../bson/cell.js';
import { double, int32, NULL } from '../bson/make-cell.js';
import { add } from '../bson/numbers.js';

/** The sum of the numbers among the values; 0 when there are none. */
export function sumOf(values: readonly (Cell | undefined)[]): Cell {
  let sum: Cell = int32(0);
  for (const value of values) if (value?.isNumber === true) sum = add(sum, value);
  return sum;
}

/** The average of the numbers among the values; null when there are none. */
export function averageOf(values: readonly (Cell | undefined)[]): Cell {
  const numbers = values.filter((value) => value?.isNumber === true);
  return numbers.length === 0 ? NULL : double(sumOf(numbers).toNumber() / numbers.length);
}
