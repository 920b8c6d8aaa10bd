import { describe, expect, it } from 'vitest';
import { unsafeTexts } from './unsafe-text.js';

describe('texts that no field may hold', () => {
  it.each<[string, unknown, readonly [string, string][]]>([
    ['an ordinary text', '山田 👩‍👩‍👧 \t\r\n', []],
    ['anything but text', { n: 1, none: null, yes: true, list: [[]] }, []],
    ['NUL', 'a\0b', [['', 'invalid_characters']]],
    ['half a surrogate pair', { list: ['ok', '\udc00'] }, [['list.1', 'invalid_characters']]],
    ['NUL in a name', { 'a\0b': 1 }, [['a\0b', 'unknown_field']]],
    ['half a surrogate pair in a name', { '\ud83c': 1 }, [['\ufffd', 'unknown_field']]],
    [
      'the way to the prototype',
      JSON.parse('{"deep":{"__proto__":{"admin":true}}}'),
      [['deep.__proto__', 'unknown_field']],
    ],
  ])('are found: %s', (_name, input, found) => {
    expect(unsafeTexts(input).map(({ field, code }) => [field, code])).toEqual(found);
  });
});
