import fc from 'fast-check';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { type Ending, SendingWorld, type Turn } from '../../../../test/support/sending-world.js';

const SECOND = 1_000;
const FATES = ['accept', 'lost', 'vanish', 'late', 'refuse', 'limit'] as const;

/** One instance that takes the mail: what hits it, at which of its steps, and what the provider does meanwhile. */
const turn: fc.Arbitrary<Turn> = fc.record({
  waitMs: fc.integer({ min: 0, max: 400 * SECOND }),
  hit: fc.constantFrom('nothing', 'death', 'death', 'sleep'),
  atStep: fc.integer({ min: 1, max: 12 }),
  /** How many other turns a sleeping instance misses. */
  missing: fc.integer({ min: 1, max: 3 }),
  fate: fc.constantFrom(...FATES),
  /** Until a mail that was cut off under way is at the provider: a request lasts a minute at most. */
  lateMs: fc.integer({ min: 0, max: 60 * SECOND }),
  /** Until the copy is filed. */
  filingMs: fc.integer({ min: 0, max: 60 * SECOND }),
  searchFails: fc.boolean(),
});

function hold({ state, delivered }: Ending): boolean {
  switch (state) {
    case 'accepted':
      return delivered === 1;
    case 'failed':
      return delivered === 0;
    case 'unknown':
      return delivered <= 1;
    case 'none':
    case 'queued':
    case 'sending':
    case 'cancelled':
      return false;
  }
}

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-01T09:00:00Z') }));
afterEach(() => void vi.useRealTimers());

describe('whatever hits instances at whichever step, and however many there are', () => {
  it.each(['gmail', 'hrbc'] as const)('by %s: never two, and none only where the state says so', async (route) => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 8 }), async (turns) => {
        const world = new SendingWorld(route);
        for (const one of turns) await world.take(one);
        return hold(await world.settle());
      }),
      { numRuns: 3_000 },
    );
  });
});
