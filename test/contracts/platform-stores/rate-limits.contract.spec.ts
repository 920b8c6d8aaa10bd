import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RateLimits, type Share } from '../../../src/platform/rate-limits/index.js';
import { DocumentStore } from './document-store.js';

const limit = { name: 'teas|acme', most: 10, perMs: 60_000 };
/** All within one window. */
const NOW = Date.parse('2026-11-01T09:00:00Z');

describe('what may be taken in a while', () => {
  let store: DocumentStore;
  let instances: RateLimits[];

  beforeAll(async () => {
    store = await DocumentStore.open();
    instances = await Promise.all(Array.from({ length: 3 }, async () => new RateLimits(await store.connect())));
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await (await store.connect()).collection('rate_limits').deleteMany({});
  });

  const take = (amount: number, n = 0) => instances[n % 3]!.take(limit, amount, NOW);
  /** What those got who came at once, each for one. */
  const race = async (many: number): Promise<Share[]> => {
    const takers = await Promise.allSettled(Array.from({ length: many }, async (_, n) => take(1, n)));
    return takers.flatMap((taker) => (taker.status === 'fulfilled' ? [taker.value] : []));
  };

  it('is counted over all instances', async () => {
    expect(await race(10)).toHaveLength(10);
    expect(await race(30)).toHaveLength(0);
  });

  it('is all that somebody asks for, as long as anything is left', async () => {
    await take(9);
    await take(50);
    await expect(take(1)).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('is there again once it is given back, however many were refused meanwhile', async () => {
    const shares = await race(10);
    expect(await race(30)).toHaveLength(0);
    await Promise.all(shares.map((share, n) => instances[n % 3]!.giveBack(share)));
    expect(await race(10)).toHaveLength(10);
    expect(await race(1)).toHaveLength(0);
  });

  it('never becomes more than it was', async () => {
    const share = await take(10);
    await instances[0]!.giveBack(share);
    await instances[1]!.giveBack(share);
    expect(await race(10)).toHaveLength(10);
    expect(await race(1)).toHaveLength(0);
  });
});
