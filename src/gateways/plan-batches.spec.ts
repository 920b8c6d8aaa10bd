import { describe, it, expect } from 'vitest';
import { planBatches } from './plan-batches.js';

describe('planBatches', () => {
  it.each([
    [[], []],
    [[1], [[1]]],
    [
      [1, 1, 1, 1],
      [[1, 1, 1], [1]],
    ],
    [
      [6, 4, 1],
      [[6, 4], [1]],
    ],
    [
      [6, 5, 5],
      [[6], [5, 5]],
    ],
    [
      [1, 50, 1],
      [[1], [50], [1]],
    ],
    [
      [50, 60],
      [[50], [60]],
    ],
    [
      [0, 0, 0, 0],
      [[0, 0, 0], [0]],
    ],
  ])('cuts %j into %j, at three mails or ten bytes', (sizes, batches) => {
    const mails = sizes.map((size) => ({ size }));
    const planned = [...planBatches(mails, { batchMails: 3, batchBytes: 10 })];
    expect(planned.map((batch) => batch.map(({ size }) => size))).toEqual(batches);
  });
});
