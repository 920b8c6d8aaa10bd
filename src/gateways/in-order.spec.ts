import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type AheadLimits, inOrder } from './in-order.js';

const numbers = Array.from({ length: 20 }, (_, n) => n);
const limits: AheadLimits<number> = { atOnce: 3, ahead: 6, weight: 1_000, weightOf: () => 1 };

/** Works that end when they are told to, and what was begun. */
class Works {
  readonly begun: number[] = [];
  mostAtOnce = 0;
  private atOnce = 0;
  private readonly endings = new Map<number, PromiseWithResolvers<undefined>>();

  readonly work = async (item: number): Promise<number> => {
    this.begun.push(item);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await this.ending(item).promise;
    this.atOnce -= 1;
    return item;
  };
  end(...items: number[]): void {
    for (const item of items) this.ending(item).resolve(undefined);
  }
  fail(item: number): void {
    this.ending(item).reject(new Error(`no ${item}`));
  }
  private ending(item: number): PromiseWithResolvers<undefined> {
    const ending = this.endings.get(item) ?? Promise.withResolvers<undefined>();
    this.endings.set(item, ending);
    return ending;
  }
}

async function all<T>(source: AsyncGenerator<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const one of source) seen.push(one);
  return seen;
}
const settled = async (): Promise<void> => sleep(5);

describe('work ahead, in order', () => {
  it('yields in the order of the items, whichever ends first', async () => {
    const works = new Works();
    const seen = all(inOrder(numbers, works.work, limits));
    works.end(...[...numbers].reverse());
    expect(await seen).toEqual(numbers);
    expect(works.mostAtOnce).toBe(3);
  });

  it('goes on beside one that takes long, so far ahead and no further', async () => {
    const works = new Works();
    const seen = all(inOrder(numbers, works.work, limits));
    works.end(1, 2, 3, 4, 5, 6, 7, 8);
    await settled();
    expect(works.begun).toEqual([0, 1, 2, 3, 4, 5]);
    works.end(...numbers);
    expect(await seen).toEqual(numbers);
  });

  it('begins nothing while too much weighs on it', async () => {
    const works = new Works();
    const source = inOrder(numbers, works.work, { ...limits, weight: 2 });
    const first = source.next();
    works.end(...numbers);
    expect(await first).toMatchObject({ value: 0 });
    await settled();
    expect(works.begun.length).toBeLessThanOrEqual(4);
    expect(await all(source)).toEqual(numbers.slice(1));
  });

  it('throws a failure behind what came before it, and begins nothing more', async () => {
    const works = new Works();
    const source = inOrder(numbers, works.work, limits);
    const first = source.next();
    works.fail(1);
    await settled();
    works.end(0, 2);
    expect(await first).toMatchObject({ value: 0 });
    await expect(source.next()).rejects.toThrow('no 1');
    expect(works.begun).toEqual([0, 1, 2]);
  });

  it('begins nothing more when nobody takes any more', async () => {
    const works = new Works();
    const source = inOrder(numbers, works.work, limits);
    works.end(...numbers);
    await source.next();
    await source.return(undefined);
    await settled();
    expect(works.begun.length).toBeLessThanOrEqual(7);
  });

  it('has nothing to do with no items', async () =>
    expect(await all(inOrder([], new Works().work, limits))).toEqual([]));
});
