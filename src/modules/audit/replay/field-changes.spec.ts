import { describe, expect, it } from 'vitest';
import { fieldChanges } from './field-changes.js';
import { withFingerprints } from './fingerprints.js';

const saved = { state: 'in_use', account: { address: 'taro@example.jp', server: 's1' }, details: { share: true } };

describe('what has changed between two states', () => {
  it('is nothing between equal ones, however they were written', () => {
    expect(
      fieldChanges(saved, {
        details: { share: true },
        account: { server: 's1', address: 'taro@example.jp' },
        state: 'in_use',
      }),
    ).toEqual([]);
    expect(fieldChanges(null, null)).toEqual([]);
  });

  it('is told field by field', () => {
    expect(fieldChanges(saved, { ...saved, details: { share: false } })).toEqual([
      { field: 'details.share', before: true, after: false },
    ]);
  });

  it('tells what came and what went', () => {
    expect(fieldChanges(null, { state: 'none' })).toEqual([{ field: 'state', before: null, after: 'none' }]);
    expect(fieldChanges(saved, { state: 'released' })).toEqual([
      { field: 'account.address', before: 'taro@example.jp', after: null },
      { field: 'account.server', before: 's1', after: null },
      { field: 'details.share', before: true, after: null },
      { field: 'state', before: 'in_use', after: 'released' },
    ]);
  });

  it('takes false, 0 and the empty text for values', () => {
    expect(fieldChanges({ a: false, b: 0, c: '' }, {})).toEqual([
      { field: 'a', before: false, after: null },
      { field: 'b', before: 0, after: null },
      { field: 'c', before: '', after: null },
    ]);
  });

  it('takes a list for one value', () => {
    expect(fieldChanges({ scopes: ['mail'] }, { scopes: ['mail', 'send'] })).toEqual([
      { field: 'scopes', before: ['mail'], after: ['mail', 'send'] },
    ]);
  });
});

describe('a fingerprint', () => {
  it('stands for every reference to a secret, at any depth, and shows that it changed', () => {
    const first = withFingerprints({ account: { credentialRef: 'ref-1', address: 'a@b' } });
    const second = withFingerprints({ account: { credentialRef: 'ref-2', address: 'a@b' } });
    expect(JSON.stringify(first)).not.toContain('ref-1');
    expect(first).toEqual({ account: { credential: expect.stringMatching(/^sha256:[0-9a-f]{16}$/), address: 'a@b' } });
    expect(fieldChanges(first, second).map(({ field }) => field)).toEqual(['account.credential']);
    expect(withFingerprints({ account: { credentialRef: 'ref-1', address: 'a@b' } })).toEqual(first);
  });

  it('leaves everything else as it is', () => {
    const state = { state: 'in_use', list: [1, { x: null }], credentialRef: null };
    expect(withFingerprints(state)).toEqual(state);
  });
});
