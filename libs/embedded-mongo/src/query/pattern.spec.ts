import { describe, expect, it } from 'vitest';
import { string } from '../bson/make-cell.js';
import { compilePattern } from './pattern.js';

const compile = (pattern: string, flags = '') => compilePattern(string(pattern), pattern, flags);

describe('a regular expression', () => {
  it.each([
    ['^abc', '', 'abc'],
    ['^abc$', '', 'abc'],
    ['^abc*', '', 'ab'],
    ['^abc?d', '', 'ab'],
    ['^abc{2}', '', 'ab'],
    ['^abc+', '', 'abc'],
    ['^日本', '', '日本'],
    ['^a.c', '', 'a'],
    ['^', '', ''],
    ['abc', '', undefined],
    ['^abc', 'i', undefined],
    ['^abc', 'm', undefined],
    ['^abc|def', '', undefined],
  ])('/%s/%s must start with %s', (pattern, flags, prefix) => {
    expect(compile(pattern, flags).prefix).toBe(prefix);
  });

  it.each(['(?i)x', '\\Ax', 'x\\Z', '[[:alpha:]]', '[]a]', '(?>x)', '\\Qx\\E', '(?P<n>x)'])(
    '%s is refused, because JavaScript would read it otherwise',
    (pattern) => {
      expect(() => compile(pattern)).toThrow(expect.objectContaining({ code: 238 }) as Error);
    },
  );

  it.each(['(?:x)', '(?=x)', '(?!x)', '(?<=x)y', '(?<name>x)', '\\d+\\.\\w', 'a\\-b', '[^x]'])(
    '%s is taken',
    (pattern) => {
      expect(compile(pattern).regexp).toBeInstanceOf(RegExp);
    },
  );

  it('that is broken is refused as MongoDB refuses it', () => {
    expect(() => compile('(')).toThrow(expect.objectContaining({ code: 51091 }) as Error);
    expect(() => compile('x', 'x')).toThrow(expect.objectContaining({ code: 238 }) as Error);
  });
});
