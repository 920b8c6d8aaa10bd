import { describe, expect, it } from 'vitest';
import { GatheredReads } from './gathered-reads.js';

/** A store that has everything but `missing`, and remembers what it was asked. */
function setUp(mostAtOnce?: number) {
  const asked: (readonly string[])[] = [];
  const reads = new GatheredReads<string>(async (ids) => {
    asked.push(ids);
    if (ids.includes('broken')) throw new Error('away');
    return new Map(ids.filter((id) => id !== 'missing').map((id) => [id, `<${id}>`]));
  }, mostAtOnce);
  return { reads, asked };
}
const each = async (reads: GatheredReads<string>, ...ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => reads.read(id)));

describe('reads that are gathered', () => {
  it('are one request for everything asked at the same time, and each once', async () => {
    const { reads, asked } = setUp();
    expect(await each(reads, 'a', 'missing', 'b', 'a')).toEqual(['<a>', null, '<b>', '<a>']);
    expect(asked).toEqual([['a', 'missing', 'b']]);
  });

  it('are never answered by an earlier request', async () => {
    const { reads, asked } = setUp();
    const first = reads.read('a');
    await first;
    await reads.read('a');
    expect(asked).toEqual([['a'], ['a']]);
  });

  it('are cut where they would become too large', async () => {
    const { reads, asked } = setUp(2);
    expect(await each(reads, 'a', 'b', 'c')).toEqual(['<a>', '<b>', '<c>']);
    expect(asked).toEqual([['a', 'b'], ['c']]);
  });

  it('fail for everybody who has asked, and for nobody after', async () => {
    const { reads } = setUp();
    const failed = await Promise.allSettled([reads.read('a'), reads.read('broken')]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await reads.read('a')).toBe('<a>');
  });
});
