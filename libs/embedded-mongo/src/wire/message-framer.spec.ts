import { describe, expect, it } from 'vitest';
import { MessageFramer } from './message-framer.js';

function message(length: number, fill: number): Buffer {
  const bytes = Buffer.alloc(length, fill);
  bytes.writeInt32LE(length, 0);
  return bytes;
}

const MESSAGES = [message(16, 1), message(100, 2), message(70_000, 3), message(17, 4)];
const STREAM = Buffer.concat(MESSAGES);

/** The stream in pieces of one size. */
function inPieces(size: number): Buffer[] {
  const framer = new MessageFramer();
  const found: Buffer[] = [];
  for (let at = 0; at < STREAM.length; at += size) found.push(...framer.push(STREAM.subarray(at, at + size)));
  return found;
}

describe('the message framer', () => {
  it.each([1, 2, 3, 5, 15, 16, 17, 1000, 65_536, STREAM.length])(
    'finds every message in pieces of %i bytes',
    (size) => {
      const found = inPieces(size);
      expect(found.map(({ length }) => length)).toEqual(MESSAGES.map(({ length }) => length));
      expect(Buffer.concat(found).equals(STREAM)).toBe(true);
    },
  );

  it('gives nothing while a message is not complete', () => {
    const framer = new MessageFramer();
    expect(framer.push(STREAM.subarray(0, 15))).toEqual([]);
    expect(framer.push(STREAM.subarray(15, 16))).toHaveLength(1);
  });

  it.each([-1, 0, 15, 48_000_001, 0x7fffffff])('refuses the length %i', (length) => {
    const bytes = Buffer.alloc(16);
    bytes.writeInt32LE(length, 0);
    expect(() => new MessageFramer().push(bytes)).toThrow('impossible message length');
  });
});
