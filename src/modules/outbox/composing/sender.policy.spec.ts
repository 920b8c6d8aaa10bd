import { Rejection } from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import { fromAddressesOf, senderFor } from './sender.policy.js';

const taro = { name: '営業 太郎', email: 'taro@acme.example', additionalAddress1: 'saiyo@acme.example' };
const plain = { ...taro, additionalAddress1: null };

describe('the sender of a mail (R42)', () => {
  it('is the own address unless asked otherwise', () => {
    expect(senderFor(taro, undefined)).toEqual({ name: '営業 太郎', address: 'taro@acme.example' });
  });

  it.each(['saiyo@acme.example', 'SAIYO@acme.example', ' saiyo@acme.example', '採用 <saiyo@acme.example>'])(
    'may be additional address 1: %s',
    (asked) => {
      expect(senderFor(taro, asked)).toEqual({ name: '営業 太郎', address: 'saiyo@acme.example' });
    },
  );

  it.each(['boss@acme.example', 'taro@acme.example.evil.example', 'taro@acme.example <boss@acme.example>'])(
    'is nobody else: %s',
    (asked) => {
      expect(() => senderFor(taro, asked)).toThrow(Rejection);
    },
  );

  it('is not an additional address that the user does not have', () => {
    expect(() => senderFor(plain, 'saiyo@acme.example')).toThrow(Rejection);
  });

  it('is offered once when both addresses are the same', () => {
    expect(fromAddressesOf({ ...taro, additionalAddress1: 'TARO@acme.example' })).toEqual([
      { address: 'taro@acme.example', kind: 'own' },
    ]);
    expect(fromAddressesOf(taro)).toHaveLength(2);
  });
});
