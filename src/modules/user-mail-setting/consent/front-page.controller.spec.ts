import { type Request } from 'express';
import { describe, expect, it } from 'vitest';
import { FrontPageController } from './front-page.controller.js';

const page = (result: unknown, language = 'ja'): string =>
  new FrontPageController().page(result, { headers: { 'accept-language': language } } as unknown as Request);

describe('the page that a browser comes back to', () => {
  it.each([
    [undefined, 'ja', '/api/docs'],
    ['ok', 'ja', 'ログインできました'],
    ['ok', 'en', 'You are signed in'],
    ['authorization_expired', 'ja', '期限'],
    ['no_such_code', 'ja', 'ログインできませんでした'],
    [['ok', 'ok'], 'ja', 'ログインできませんでした'],
    ['constructor', 'ja', 'ログインできませんでした'],
  ])('tells of %s in %s: %s', (result, language, words) => {
    expect(page(result, language)).toContain(words);
  });

  it('shows nothing of what somebody wrote into the address', () => {
    expect(page('<script>alert(1)</script>')).not.toContain('script');
  });

  it('names nobody: whose address it is stands in the own setting alone', () => {
    expect(page('address_mismatch')).not.toMatch(/undefined|@/);
    expect(page('address_mismatch')).toContain('ユーザーメール設定');
  });
});
