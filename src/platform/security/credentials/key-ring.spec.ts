import { describe, expect, it } from 'vitest';
import { CredentialKeyError, KeyRing } from './key-ring.js';
import { newKey } from './sealed-box.js';

const [old, present] = [
  { id: 'k2020', key: Buffer.alloc(32, 1) },
  { id: 'k2021', key: Buffer.alloc(32, 2) },
];
const dataKey = newKey();

describe('the ring of CREDENTIAL_KEYS', () => {
  it('wraps with the first key and says which', () => {
    expect(new KeyRing([present, old]).wrap(dataKey, 'acme').keyId).toBe('k2021');
  });

  it('unwraps what any of its keys has wrapped', () => {
    const wrapped = new KeyRing([old]).wrap(dataKey, 'acme');
    expect(new KeyRing([present, old]).unwrap(wrapped, 'acme')).toEqual(dataKey);
  });

  it('names the key that is missing', () => {
    const wrapped = new KeyRing([old]).wrap(dataKey, 'acme');
    expect(() => new KeyRing([present]).unwrap(wrapped, 'acme')).toThrow(CredentialKeyError);
    expect(() => new KeyRing([present]).unwrap(wrapped, 'acme')).toThrow('lacks the key "k2020"');
  });

  it('names the key that is another one than before', () => {
    const wrapped = new KeyRing([old]).wrap(dataKey, 'acme');
    const mistaken = new KeyRing([{ id: 'k2020', key: newKey() }]);
    expect(() => mistaken.unwrap(wrapped, 'acme')).toThrow('another key than before under the id "k2020"');
  });

  it('needs a key', () => {
    expect(() => new KeyRing([])).toThrow(CredentialKeyError);
  });
});
