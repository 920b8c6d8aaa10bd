import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimeBudget } from './time-budget.js';

/** As many steps as it takes until the time is looked at. */
function work(budget: TimeBudget): void {
  for (let step = 0; step < 64; step++) budget.tick();
}

describe('the time a command may take', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('is over once the work has taken it', () => {
    const budget = new TimeBudget(100);
    work(budget);
    vi.advanceTimersByTime(100);
    work(budget);
    vi.advanceTimersByTime(1);
    expect(() => work(budget)).toThrow('operation exceeded time limit');
  });

  it('goes on between the batches of a cursor only while there is work', () => {
    const budget = new TimeBudget(100);
    work(budget);
    vi.advanceTimersByTime(60);
    budget.pause();
    vi.advanceTimersByTime(10_000);
    work(budget);
    vi.advanceTimersByTime(40);
    work(budget);
    vi.advanceTimersByTime(1);
    expect(() => work(budget)).toThrow('operation exceeded time limit');
  });

  it('has no end where none is set', () => {
    const budget = new TimeBudget(undefined);
    work(budget);
    vi.advanceTimersByTime(1e9);
    expect(() => work(budget)).not.toThrow();
  });
});
