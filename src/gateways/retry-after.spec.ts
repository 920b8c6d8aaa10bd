import { describe, expect, it } from 'vitest';
import { retryAfter } from './retry-after.js';

const NOW = Date.parse('2026-11-22T01:00:00Z');
const DAY = 86_400_000;

describe('Retry-After', () => {
  it.each([
    ['nothing', null, null],
    ['no text', '', null],
    ['seconds', '7', 7_000],
    ['no time at all', '0', 0],
    ['seconds among spaces', ' 90 ', 90_000],
    ['a day', '86400', DAY],
    ['more than a day', '86401', DAY],
    ['thirty years', '999999999', DAY],
    ['more digits than an instant has', '9'.repeat(25), DAY],
    ['more digits than a number has', '9'.repeat(400), DAY],
    ['less than nothing', '-5', null],
    ['half a second', '0.5', null],
    ['a date', 'Sun, 22 Nov 2026 01:02:00 GMT', 120_000],
    ['a date that has passed', 'Sun, 22 Nov 2026 00:00:00 GMT', 0],
    ['a date far away', 'Fri, 22 Nov 2058 01:00:00 GMT', DAY],
    ['an instant', '2026-11-22T01:30:00.000Z', 1_800_000],
    ['words', 'soon', null],
  ])('of %s', (_what, value, milliseconds) => {
    expect(retryAfter(value, NOW)).toBe(milliseconds);
  });
});
