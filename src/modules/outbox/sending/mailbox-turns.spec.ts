import { describe, expect, it } from 'vitest';
import { MailboxTurns, type Turn } from './mailbox-turns.js';

const NOW = 1_000_000;
const TARO = 'acme taro gmail';
const JIRO = 'acme jiro gmail';
const waitOf = (turn: Turn): number => ('waitMs' in turn ? turn.waitMs : 0);
const leave = (turn: Turn): void => ('leave' in turn ? turn.leave() : expect.fail('There was no turn.'));

describe('the turns of a mailbox', () => {
  it('are four at once, and one more for each that is given back', () => {
    const turns = new MailboxTurns();
    const taken = [1, 2, 3, 4].map(() => turns.take(TARO, NOW));
    expect(taken.map(waitOf)).toEqual([0, 0, 0, 0]);
    expect(waitOf(turns.take(TARO, NOW))).toBeGreaterThan(0);
    leave(taken[0]!);
    expect(waitOf(turns.take(TARO, NOW))).toBe(0);
    expect(waitOf(turns.take(TARO, NOW))).toBeGreaterThan(0);
  });

  it('are no other mailbox’s', () => {
    const turns = new MailboxTurns();
    for (let n = 0; n < 20; n++) turns.take(TARO, NOW);
    turns.pause(TARO, 60_000, NOW);
    expect(waitOf(turns.take(JIRO, NOW))).toBe(0);
  });

  it('come one after the other to those who wait', () => {
    const turns = new MailboxTurns();
    for (let n = 0; n < 4; n++) turns.take(TARO, NOW);
    expect([1, 2, 3].map(() => waitOf(turns.take(TARO, NOW)))).toEqual([500, 750, 1_000]);
  });

  it('come to nobody while the provider wants a pause, and then again one after the other', () => {
    const turns = new MailboxTurns();
    leave(turns.take(TARO, NOW));
    turns.pause(TARO, 60_000, NOW);
    turns.pause(TARO, 1_000, NOW); // a shorter one changes nothing
    expect([1, 2].map(() => waitOf(turns.take(TARO, NOW)))).toEqual([60_000, 60_250]);
    expect(waitOf(turns.take(TARO, NOW + 59_999))).toBeGreaterThan(0);
    expect(waitOf(turns.take(TARO, NOW + 60_000))).toBe(0);
  });

  it('are tried for again after an hour, however long the provider asked for', () => {
    const turns = new MailboxTurns();
    turns.pause(TARO, 24 * 3_600_000, NOW);
    expect(waitOf(turns.take(TARO, NOW))).toBe(3_600_000);
  });
});
