import { describe, expect, it } from 'vitest';
import { HANDS, MailboxTurns, type Turn } from './mailbox-turns.js';

const NOW = 1_000_000;
const at = (mailbox: string, route = 'gmail') => ({ mailbox: `acme ${mailbox} ${route}`, route });
const [TARO, JIRO] = [at('taro'), at('jiro')];
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

  it('are few enough of one way of sending, whoever’s they are, that two providers that hang leave hands to the third', () => {
    const turns = new MailboxTurns();
    const takenBy = (route: string) =>
      Array.from({ length: 20 }, (_, n) => turns.take(at(`person${n}`, route), NOW)).filter((turn) => 'leave' in turn);
    const [gmail, office365] = [takenBy('gmail'), takenBy('office365')];
    expect(gmail.length).toBeGreaterThan(4);
    expect(gmail.length + office365.length).toBeLessThan(HANDS);
    expect(waitOf(turns.take(at('saburo', 'hrbc'), NOW))).toBe(0);
    leave(gmail[0]!);
    expect(waitOf(turns.take(at('new', 'gmail'), NOW))).toBe(0);
  });
});
