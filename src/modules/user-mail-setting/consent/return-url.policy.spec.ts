import { describe, expect, it } from 'vitest';
import { isReturnAllowed, withResult } from './return-url.policy.js';

const allowed = ['https://hrbc.example.com', 'http://localhost:*'];

describe('where a browser may be sent back to', () => {
  it.each([
    'https://hrbc.example.com/settings?tab=mail#top',
    'https://HRBC.example.com/',
    'http://localhost:3000/x',
    'http://localhost/',
  ])('%s', (url) => expect(isReturnAllowed(url, allowed)).toBe(true));

  it.each([
    'http://hrbc.example.com/',
    'https://hrbc.example.com:8443/',
    'https://hrbc.example.com.evil.example/',
    'https://hrbc.example.com@evil.example/',
    'https://user:pw@hrbc.example.com/',
    'https://evil.example/?https://hrbc.example.com',
    'https:\\\\evil.example',
    '//hrbc.example.com/',
    '/settings',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://localhost:3000/',
    '',
  ])('not to %j', (url) => expect(isReturnAllowed(url, allowed)).toBe(false));

  it('with how it went, and what the page itself had in its address', () =>
    expect(withResult('https://hrbc.example.com/s?tab=mail&result=old#top', 'address_mismatch')).toBe(
      'https://hrbc.example.com/s?tab=mail&result=address_mismatch#top',
    ));
});
