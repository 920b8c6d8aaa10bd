import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SealKeys } from './seal-keys.js';

const first = { id: 's2026', key: Buffer.alloc(32, 1) };
const second = { id: 's2027', key: Buffer.alloc(32, 2) };
const text = Buffer.from('the record up to here');

describe('the keys that seal the record', () => {
  it('sign with the first and verify with all, so that a key can be changed', () => {
    const old = new SealKeys([first]).sign(text);
    const keys = new SealKeys([second, first]);
    expect(keys.sign(text).keyId).toBe('s2027');
    expect(keys.verify(old.keyId, text, old.signature)).toBe('valid');
  });

  it('tell a wrong signature from a key that they do not have', () => {
    const { keyId, signature } = new SealKeys([first]).sign(text);
    expect(new SealKeys([first]).verify(keyId, Buffer.from('another record'), signature)).toBe('invalid');
    expect(new SealKeys([first]).verify(keyId, text, '')).toBe('invalid');
    expect(new SealKeys([{ ...second, id: 's2026' }]).verify(keyId, text, signature)).toBe('invalid');
    expect(new SealKeys([second]).verify(keyId, text, signature)).toBe('unknown_key');
  });

  it('are published in a form that others verify with', () => {
    const keys = new SealKeys([first]);
    const [published] = keys.published();
    const key = createPublicKey({ key: Buffer.from(published!.publicKey, 'base64'), format: 'der', type: 'spki' });
    expect(verify(null, text, key, Buffer.from(keys.sign(text).signature, 'base64'))).toBe(true);
    expect(JSON.stringify(keys.published())).not.toContain(first.key.toString('base64'));
  });

  it('follow from other keys where none are configured: always the same ones, and not those keys themselves', () => {
    const [derived, again] = [SealKeys.derivedFrom([first]), SealKeys.derivedFrom([first])];
    expect(derived.published()).toEqual(again.published());
    expect(derived.published()[0]!.id).toBe('derived-s2026');
    expect(derived.published()[0]!.publicKey).not.toBe(new SealKeys([first]).published()[0]!.publicKey);
  });

  it('have to be at least one', () => {
    expect(() => new SealKeys([])).toThrow('no key');
  });
});
