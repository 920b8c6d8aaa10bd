import { describe, expect, it } from 'vitest';
import { decidedBy, readableAs, type Ruling } from './visibility.policy.js';

const ruling = (basis: Ruling['basis'], shared: boolean, minute: string): Ruling => ({
  basis,
  shared,
  at: `2026-11-22T01:${minute}:00.000Z`,
});
const at = (minute: string) => `2026-11-22T01:${minute}:00.000Z`;
const history = [
  ruling('default', false, '00'),
  ruling('individual', true, '10'),
  ruling('individual', false, '20'),
  ruling('erased', false, '30'),
];
describe('who may read a mail at an instant', () => {
  it.each([
    ['not received yet', '2026-11-22T00:59:00.000Z', [null, null]],
    ['received and not shared', at('00'), ['owner', null]],
    ['shared', at('10'), ['owner', 'colleague']],
    ['just before it was taken back', at('19'), ['owner', 'colleague']],
    ['taken back', at('20'), ['owner', null]],
    ['erased', at('30'), [null, null]],
  ])('%s', (_what, instant, expected) => {
    const decision = decidedBy(history, instant).at(-1);
    expect(['alice', 'bob'].map((reader) => readableAs(decision, 'alice', reader))).toEqual(expected);
  });

  it('takes no decision without those before it, whatever their clocks say', () => {
    const skewed = [ruling('default', true, '05'), ruling('individual', false, '03')];
    expect(decidedBy(skewed, at('04'))).toEqual([]);
    expect(decidedBy(skewed, at('05'))).toHaveLength(2);
  });
});
