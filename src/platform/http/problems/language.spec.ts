import { describe, expect, it } from 'vitest';
import { preferredLanguage } from './language.js';

describe('the language of a problem', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'ja'],
    ['', 'ja'],
    ['*', 'ja'],
    ['de', 'ja'],
    ['de, fr;q=0.9', 'ja'],
    ['ja', 'ja'],
    ['en', 'en'],
    ['EN-us', 'en'],
    ['en-GB,en;q=0.9', 'en'],
    ['ja;q=0.8, en;q=0.9', 'en'],
    ['ja,en-US;q=0.9,en;q=0.8', 'ja'],
    ['en;q=0', 'ja'],
    ['en;q=0, *', 'ja'],
    ['en;q=much', 'ja'],
    ['en ; q=0.1', 'en'],
    ['enochian', 'ja'],
    [',;,', 'ja'],
  ])('for %j is %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});
