import { describe, expect, it } from 'vitest';
import { type RejectionCatalogue, type RejectionDefinition } from '@libs/eventsourcing';
import { errorCatalogues } from '../../src/errors.js';

const all = Object.values<RejectionCatalogue>(errorCatalogues).flatMap((catalogue) => Object.entries(catalogue));
/** Whatever a text asks for, it gets. */
const anything = new Proxy({}, { get: () => 'X' });

describe('refusals', () => {
  it('have codes of their own', () => {
    const codes = all.map(([code]) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it.each(all)('%s is a stable code with texts in both languages', (code: string, definition: RejectionDefinition) => {
    const { ja, en } = definition.detail(anything);
    expect(code).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(`${definition.title.ja}${ja}`).toMatch(/[ぁ-んァ-ヶ]/);
    expect(`${definition.title.en}${en}`).not.toMatch(/[ぁ-ん]/);
    expect(`${definition.title.en}${en}`.length).toBeGreaterThan(15);
  });
});
