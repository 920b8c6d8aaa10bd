import { type CommandMetadata } from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import { type RefusedAttempt } from '../../../platform/audit-trail/index.js';
import { RefusalTally } from './refusal-tally.js';

const MINUTE = 60_000;
const attemptBy = (userId: string, attempt = 'GET /api/v1/audit/events', company = 'porters'): RefusedAttempt => ({
  code: 'role_missing',
  attempt,
  metadata: { company, actor: { kind: 'user', userId, name: userId, roles: [] } } as unknown as CommandMetadata,
});

describe('the tally of refused attempts', () => {
  it('tells the first of a kind at once, and its repetitions together when the window closes', () => {
    const tally = new RefusalTally();
    expect(tally.add(attemptBy('eve'), 0)).toMatchObject({ userId: 'eve', count: 1 });
    expect(tally.add(attemptBy('eve'), MINUTE)).toBeNull();
    expect(tally.add(attemptBy('eve'), 2 * MINUTE)).toBeNull();
    expect(tally.close(9 * MINUTE)).toEqual([]);
    expect(tally.close(10 * MINUTE)).toMatchObject([{ userId: 'eve', code: 'role_missing', count: 2 }]);
    expect(tally.close(30 * MINUTE)).toEqual([]);
    expect(tally.add(attemptBy('eve'), 31 * MINUTE)).toMatchObject({ count: 1 });
  });

  it('tells people, acts and companies apart', () => {
    const tally = new RefusalTally();
    const attempts = [
      attemptBy('eve'),
      attemptBy('mallory'),
      attemptBy('eve', 'GET /other'),
      attemptBy('eve', undefined, 'rival'),
    ];
    for (const attempt of attempts) expect(tally.add(attempt, 0)).not.toBeNull();
  });

  it('says nothing more of what happened once', () => {
    const tally = new RefusalTally();
    tally.add(attemptBy('eve'), 0);
    expect(tally.close(10 * MINUTE)).toEqual([]);
  });

  it('is not flooded by any number of attempts, and loses none of them', () => {
    const tally = new RefusalTally();
    let told = 0;
    for (let n = 0; n < 100_000; n++) told += tally.add(attemptBy(`eve ${n % 500}`, `GET /api/v1/${n}`), n) ? 1 : 0;
    expect(told).toBeLessThanOrEqual(201);
    const closed = tally.close(20 * MINUTE);
    expect(closed.length).toBeLessThanOrEqual(201);
    expect(told + closed.reduce((sum, { count }) => sum + count, 0)).toBe(100_000);
    expect(closed.at(-1)).toMatchObject({ userId: null, attempt: 'various' });
  });

  it('gives back everything when the service ends', () => {
    const tally = new RefusalTally();
    tally.add(attemptBy('eve'), 0);
    tally.add(attemptBy('eve'), 1);
    expect(tally.close(2, true)).toMatchObject([{ count: 1 }]);
  });

  it('cuts what is endlessly long', () => {
    expect(new RefusalTally().add(attemptBy('eve', `GET /${'x'.repeat(5_000)}`), 0)!.attempt).toHaveLength(200);
  });
});
