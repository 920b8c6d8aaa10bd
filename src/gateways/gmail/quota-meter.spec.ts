import { describe, expect, it } from 'vitest';
import { type GatewayError } from '../gateway.errors.js';
import { gmailPrices, NEW_PROJECT } from './gmail-prices.js';
import { QuotaMeter } from './quota-meter.js';
import { QuotaMeters } from './quota-meters.js';

const SECOND = 1_000;
const small = { perMinuteAndUser: 100, messagesGet: 20 };

function metered() {
  let now = 0;
  const meter = new QuotaMeter(small, () => now);
  const take = (units: number): 'taken' | number => {
    try {
      meter.take(units);
      return 'taken';
    } catch (error) {
      const { failure } = error as GatewayError;
      return failure.kind === 'RateLimited' && failure.paced ? failure.retryAfterMs : Number.NaN;
    }
  };
  return { meter, take, at: (seconds: number) => (now = seconds * SECOND) };
}

describe('the quota of a mailbox', () => {
  it('lets through what a minute has, and no more', () => {
    const { take } = metered();
    expect([take(60), take(40), take(1)]).toEqual(['taken', 'taken', 62_000]);
  });

  it('has its units back when they are a minute old, and a little more for the way', () => {
    const { take, at } = metered();
    take(100);
    at(61.9);
    expect(take(1)).toBe(100);
    at(62);
    expect(take(100)).toBe('taken');
  });

  it('asks to come back when half of it is free again', () => {
    const { take, at } = metered();
    for (let second = 0; second < 10; second++) {
      at(second);
      take(10);
    }
    expect(take(10)).toBe((4 + 62 - 9) * SECOND);
  });

  it('never lets more than its quota through in any minute, whatever is asked when', () => {
    const { take, at } = metered();
    const spent: { at: number; units: number }[] = [];
    for (let step = 0; step < 2_000; step++) {
      const second = step * 1.7;
      at(second);
      const units = 1 + ((step * 7) % 33);
      if (take(units) === 'taken') spent.push({ at: second, units });
    }
    const windows = spent.map(({ at: end }) =>
      spent.filter((entry) => entry.at <= end && entry.at > end - 60).reduce((sum, { units }) => sum + units, 0),
    );
    expect(Math.max(...windows)).toBeLessThanOrEqual(100);
    expect(spent.length).toBeGreaterThan(100);
  });

  it('leaves what it is told to leave to others', () => {
    const { meter, take } = metered();
    expect(() => meter.take(91, 10)).toThrow('RateLimited');
    expect(() => meter.take(90, 10)).not.toThrow();
    expect(take(10)).toBe('taken');
  });

  it('stays shut as long as Google says', () => {
    const { meter, take, at } = metered();
    meter.close(300 * SECOND);
    expect(take(1)).toBe(300_000);
    at(300);
    expect(take(1)).toBe('taken');
  });

  it('is one for each mailbox, also for the next reader', () => {
    const meters = new QuotaMeters(() => 0);
    meters.of('a', small).take(100);
    expect(() => meters.of('a', small).take(1)).toThrow('RateLimited');
    expect(() => meters.of('b', small).take(1)).not.toThrow();
  });

  it('follows another quota as soon as a company enters one', () => {
    const meters = new QuotaMeters(() => 0);
    expect(meters.of('a', gmailPrices(null)).prices).toEqual(NEW_PROJECT);
    expect(meters.of('a', gmailPrices(15_000)).prices).toEqual({ perMinuteAndUser: 15_000, messagesGet: 5 });
    expect(meters.of('a', gmailPrices(3_000)).prices).toEqual({ perMinuteAndUser: 3_000, messagesGet: 20 });
  });
});
