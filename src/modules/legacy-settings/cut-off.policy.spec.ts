import { describe, expect, it } from 'vitest';
import { daysUntil, isBeforeCutOff, migrationStage } from './cut-off.policy.js';

describe('the cut-off (R11)', () => {
  it.each([
    ['2020-08-11T23:59:59.999+09:00', true],
    ['2020-08-11T14:59:59.999Z', true],
    ['2020-08-12T00:00:00+09:00', false],
    ['2020-08-11T15:00:00Z', false],
  ])('has %s before it: %s', (instant, before) => expect(isBeforeCutOff(instant, '2020-08-11')).toBe(before));
});

describe('the stage of the migration (R09)', () => {
  it.each([
    ['2026-11-20T00:00:00Z', null, 'notice'],
    ['2026-11-20T00:00:00Z', '2027-03-01', 'notice'],
    ['2027-01-29T14:59:59Z', '2027-03-01', 'notice'],
    ['2027-01-29T15:00:00Z', '2027-03-01', 'banner'],
    ['2027-02-28T14:59:59Z', '2027-03-01', 'banner'],
    ['2027-02-28T15:00:00Z', '2027-03-01', 'enforced'],
  ] as const)('is at %s, with %s announced, %s', (now, day, stage) => expect(migrationStage(now, day)).toBe(stage));
});

describe('the days that are left', () => {
  it.each([
    ['2027-02-27T14:59:59Z', 2],
    ['2027-02-27T15:00:00Z', 1],
    ['2027-02-28T15:00:00Z', 0],
    ['2027-04-01T00:00:00Z', 0],
  ])('are counted in Japan: at %s %i', (now, days) => expect(daysUntil('2027-03-01', now)).toBe(days));
});
