import { describe, it, expect } from 'vitest';
import { oneAhead } from './one-ahead.js';

describe('oneAhead', () => {
  it('yields everything in order, one value ahead', async () => {
    const log: string[] = [];
    for await (const value of oneAhead(counting(3, log), () => log.push('abandoned'))) log.push(`used ${value}`);
    expect(log).toEqual(['made 1', 'made 2', 'used 1', 'made 3', 'used 2', 'ended', 'used 3']);
  });

  it('ends the source when the caller leaves', async () => {
    const log: string[] = [];
    for await (const value of oneAhead(counting(9, log), () => log.push('abandoned'))) {
      log.push(`used ${value}`);
      break;
    }
    expect(log).toEqual(['made 1', 'made 2', 'used 1', 'abandoned', 'ended']);
  });

  it('throws a failure where the value would have been, and not before', async () => {
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      for await (const value of oneAhead(failingAfter(2), () => undefined)) {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(value);
      }
    };
    await expect(read()).rejects.toThrow('no more');
    expect(seen).toEqual([1, 2]);
  });
});

async function* counting(count: number, log: string[]): AsyncGenerator<number, undefined> {
  try {
    for (let value = 1; value <= count; value++) {
      log.push(`made ${value}`);
      yield value;
    }
  } finally {
    log.push('ended');
  }
}

async function* failingAfter(count: number): AsyncGenerator<number, undefined> {
  for (let value = 1; value <= count; value++) yield value;
  throw new Error('no more');
}
