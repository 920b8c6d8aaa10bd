import { describe, expect, it } from 'vitest';

import { shared } from './stubs.js';
import { readUuid } from './uuid.js';

const text = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6';

describe('reading a UUID', () => {
  it('takes text in any case', () => {
    expect(readUuid(new shared.UUID().setString(text.toUpperCase())).text).toBe(text);
  });

  it('takes two signed halves, most significant first, for the same', () => {
    const halves = new shared.UUID.Structured()
      .setMostSignificantBits(BigInt.asIntN(64, 0xf81d4fae7dec11d0n).toString())
      .setLeastSignificantBits(BigInt.asIntN(64, 0xa76500a0c91e6bf6n).toString());
    const structured = readUuid(new shared.UUID().setStructured(halves));
    const plain = readUuid(new shared.UUID().setString(text));
    expect(structured.text).toBe(text);
    expect(Buffer.compare(structured.bytes, plain.bytes)).toBe(0);
  });

  it.each([undefined, '', 'f81d4fae', `${text}0`, text.replace('f', 'g')])('refuses %s', (value) => {
    const message = value === undefined ? undefined : new shared.UUID().setString(value);
    expect(() => readUuid(message)).toThrow(RangeError);
  });
});
