import { describe, it, expect } from 'vitest';
import { fetchSources, type SourceFetcher } from './fetch-sources.js';
import { GatewayError, type GatewayFailure } from './gateway.errors.js';

const source = (id: number): Buffer => Buffer.from(`mail ${id}`);
const lost = failed({ kind: 'Unavailable', detail: 'connection_lost' });

/** Hands over together what is below `breaksAt`; what happens to the others alone, `alone` says. */
function fetcher(breaksAt: number, alone: (id: number, attempt: number) => Buffer | null | GatewayError) {
  const asked: number[] = [];
  const subject: SourceFetcher<number> = {
    together: async (ids, take) => {
      for (const id of ids) {
        if (id >= breaksAt) throw lost;
        take(id, source(id));
      }
    },
    alone: async (id) => {
      asked.push(id);
      const outcome = alone(id, asked.filter((other) => other === id).length);
      if (outcome instanceof GatewayError) throw outcome;
      return outcome;
    },
  };
  return { subject, asked };
}

describe('fetchSources', () => {
  it('asks alone only for what did not come together', async () => {
    const { subject, asked } = fetcher(3, source);
    const { sources, unreadable } = await fetchSources(subject, [1, 2, 3, 4]);
    expect([...sources.keys()]).toEqual([1, 2, 3, 4]);
    expect(unreadable.size).toBe(0);
    expect(asked).toEqual([3, 4]);
  });

  it('tries three times', async () => {
    const { subject, asked } = fetcher(1, (id, attempt) => (attempt < 3 ? lost : source(id)));
    expect((await fetchSources(subject, [1])).sources.get(1)).toEqual(source(1));
    expect(asked).toEqual([1, 1, 1]);
  });

  it('then gives the reason, and goes on', async () => {
    const { subject, asked } = fetcher(2, (id) => (id === 2 ? lost : source(id)));
    const { sources, unreadable } = await fetchSources(subject, [1, 2, 3]);
    expect([...sources.keys()]).toEqual([1, 3]);
    expect([...unreadable]).toEqual([[2, 'connection_lost']]);
    expect(asked).toEqual([2, 2, 2, 3]);
  });

  it('leaves out what is gone', async () => {
    const { subject } = fetcher(2, () => null);
    const { sources, unreadable } = await fetchSources(subject, [1, 2]);
    expect([...sources.keys(), ...unreadable.keys()]).toEqual([1]);
  });

  it('blames the server when none of many mails can be read', async () => {
    const { subject } = fetcher(1, () => lost);
    await expect(fetchSources(subject, [1, 2, 3, 4, 5])).rejects.toBe(lost);
    expect((await fetchSources(subject, [1, 2, 3, 4])).unreadable.size).toBe(4);
  });

  it.each<GatewayFailure>([
    { kind: 'AuthorizationLost', detail: 'login_refused' },
    { kind: 'RateLimited', retryAfterMs: 1 },
    { kind: 'CursorInvalid', reason: 'uid_validity_changed' },
    { kind: 'Unavailable', detail: 'aborted' },
    { kind: 'Unavailable', detail: 'connection_refused' },
    { kind: 'Unavailable', detail: 'server_unavailable' },
  ])('passes on what is no mail’s fault: %j', async (failure) => {
    const { subject, asked } = fetcher(1, () => failed(failure));
    await expect(fetchSources(subject, [1])).rejects.toMatchObject({ failure });
    expect(asked).toEqual([1]);
  });
});

function failed(failure: GatewayFailure): GatewayError {
  return new GatewayError(failure);
}
