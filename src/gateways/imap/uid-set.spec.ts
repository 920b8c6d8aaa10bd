import { describe, it, expect } from 'vitest';
import { uidSet } from './uid-set.js';

describe('uidSet', () => {
  it.each([
    [[5], '5'],
    [[1, 2, 3], '1:3'],
    [[1, 2, 3, 7, 9, 10, 4_294_967_295], '1:3,7,9:10,4294967295'],
    [[], ''],
  ])('writes %j as %j', (uids, set) => {
    expect(uidSet(uids)).toBe(set);
  });
});
