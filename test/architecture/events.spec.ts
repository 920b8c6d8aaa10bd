import { describe, expect, it } from 'vitest';
import { categories, events } from '../../src/events.js';
import { codeOf, sourceFiles } from './source-files.js';

const eventFiles = sourceFiles('src/modules', (path) => path.endsWith('.events.ts'));
const names = eventFiles.flatMap((file) =>
  [...codeOf(file).matchAll(/DomainEvent<\s*'(\w+)'/g)].map(([, name]) => name!),
);
/** Fields that could hold what must never be in an event: secrets, and what a mail says. */
const FORBIDDEN =
  /\breadonly (\w*(password|secret|token|refresh)\w*|subject|body|text|html|preview|content|source(?=\?: ?Buffer))\??:/i;

describe('events', () => {
  it('are all known to the store', () => {
    expect(names.length).toBeGreaterThan(10);
    expect(Object.keys(events).sort()).toEqual([...names].sort());
  });

  it('stand in streams whose categories are all known', () => {
    const declared = eventFiles.map((file) => /export const [A-Z_]+ = '(\w+)';/.exec(codeOf(file))?.[1]);
    expect([...categories].sort()).toEqual(declared.sort());
  });

  it.each(eventFiles.map((file) => [file.path, file] as const))(
    '%s has no field for a secret or for mail',
    (_, file) => {
      expect(codeOf(file)).not.toMatch(FORBIDDEN);
    },
  );

  it.each(eventFiles.map((file) => [file.path, file] as const))(
    '%s says that it is a storage contract',
    (_, { text }) => {
      expect(text).toContain('Stored facts and a storage contract');
    },
  );
});
