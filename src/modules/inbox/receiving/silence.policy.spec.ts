import { describe, expect, it } from 'vitest';
import { silenceAfterMs, silentSince } from './silence.policy.js';

const aliveAt = new Date('2026-11-22T01:00:00Z');
const after = (seconds: number): Date => new Date(aliveAt.getTime() + seconds * 1_000);

describe('silence', () => {
  it('begins after ten intervals without a sign of life', () => {
    expect(silentSince(aliveAt, 60, after(599))).toBeNull();
    expect(silentSince(aliveAt, 60, after(600))).toEqual(aliveAt);
  });

  it('does not begin within a minute, however often mailboxes are looked at', () => {
    expect(silenceAfterMs(1)).toBe(60_000);
    expect(silentSince(aliveAt, 1, after(59))).toBeNull();
  });
});
