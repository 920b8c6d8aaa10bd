import { describe, expect, it } from 'vitest';
import { KeyCache } from './key-cache.js';

function cacheAt(start: number) {
  let now = start;
  const cache = new KeyCache<string>(2, 1_000, () => now);
  return { cache, pass: (milliseconds: number) => (now += milliseconds) };
}

describe('the cache of unwrapped keys', () => {
  it('gives a key until its time is over, however often it is used', () => {
    const { cache, pass } = cacheAt(0);
    cache.set('alice', 'key');
    pass(999);
    expect(cache.get('alice')).toBe('key');
    pass(1);
    expect(cache.get('alice')).toBeUndefined();
  });

  it('lets the least recently used go when it is full', () => {
    const { cache } = cacheAt(0);
    cache.set('alice', 'a');
    cache.set('bob', 'b');
    cache.get('alice');
    cache.set('carol', 'c');
    expect(['alice', 'bob', 'carol'].map((id) => cache.get(id))).toEqual(['a', undefined, 'c']);
  });

  it('counts a key that is set again once', () => {
    const { cache } = cacheAt(0);
    cache.set('alice', 'a');
    cache.set('bob', 'b');
    cache.set('bob', 'b2');
    expect(['alice', 'bob'].map((id) => cache.get(id))).toEqual(['a', 'b2']);
  });

  it('forgets a key at once when told so', () => {
    const { cache } = cacheAt(0);
    cache.set('alice', 'a');
    cache.delete('alice');
    expect(cache.get('alice')).toBeUndefined();
  });
});
