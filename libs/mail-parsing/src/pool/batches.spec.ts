import { describe, expect, it } from 'vitest';
import { batchesOf, packed } from './batches.js';

const source = (size: number): Uint8Array => new Uint8Array(size);

describe('batches', () => {
  it('hold at most 64 messages', () => {
    expect(batchesOf(Array.from({ length: 130 }, () => source(1))).map((batch) => batch.length)).toEqual([64, 64, 2]);
  });

  it('hold at most four megabytes, unless one message alone is larger', () => {
    const MB = 1024 * 1024;
    const sizes = [MB, 3 * MB, 1, 9 * MB, 1].map(source);
    expect(batchesOf(sizes).map((batch) => batch.map(({ byteLength }) => byteLength))).toEqual([
      [MB, 3 * MB],
      [1],
      [9 * MB],
      [1],
    ]);
  });

  it('are none for nothing', () => {
    expect(batchesOf([])).toEqual([]);
  });

  it('are copied into memory of their own, which can be handed over', () => {
    const sources = [Buffer.from('ab'), Buffer.from(''), Buffer.from('cde')];
    const bytes = packed(sources);
    expect(Buffer.from(bytes).toString()).toBe('abcde');
    expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
    expect(bytes.buffer).not.toBe(sources[0]!.buffer);
  });
});
