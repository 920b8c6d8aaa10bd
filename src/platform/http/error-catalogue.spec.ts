import { type RejectionCatalogue } from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import { authErrors } from '../security/auth/index.js';
import { credentialErrors } from '../security/credentials/index.js';
import { httpErrors } from './index.js';

const catalogues: Record<string, RejectionCatalogue> = { authErrors, credentialErrors, httpErrors };
const entries = Object.entries(catalogues).flatMap(([name, catalogue]) =>
  Object.entries(catalogue).map(([code, definition]) => ({ name, code, definition })),
);

describe('the catalogues of the platform', () => {
  it('name each code once', () => {
    const codes = entries.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each(entries)('say $code in snake_case, and in both languages what is wrong', ({ code, definition }) => {
    expect(code).toMatch(/^[a-z][a-z0-9_]*$/);
    const texts = [definition.title, definition.detail({})];
    for (const { ja, en } of texts) {
      expect(ja).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
      expect(en).not.toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
    }
  });
});
