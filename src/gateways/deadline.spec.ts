import { describe, it, expect } from 'vitest';
import { withinDeadline } from './deadline.js';

const never = new Promise<never>(() => undefined);

describe('withinDeadline', () => {
  it('settles as the work does', async () => {
    const options = { milliseconds: 60_000, signal: new AbortController().signal, stop: () => expect.unreachable() };
    expect(await withinDeadline(Promise.resolve('done'), options)).toBe('done');
    await expect(withinDeadline(Promise.reject(new Error('no')), options)).rejects.toThrow('no');
  });

  it.each([
    ['timeout', 1, new AbortController().signal],
    ['aborted', 60_000, AbortSignal.abort()],
    ['aborted', 60_000, AbortSignal.timeout(1)],
  ])('stops the work: %s', async (detail, milliseconds, signal) => {
    let stopped = 0;
    const work = withinDeadline(never, { milliseconds, signal, stop: () => stopped++ });
    await expect(work).rejects.toMatchObject({ name: 'GatewayError', failure: { kind: 'Unavailable', detail } });
    expect(stopped).toBe(1);
  });
});
