import { describe, expect, it } from 'vitest';
import { codeOf, sourceFiles } from './source-files.js';

const pure = sourceFiles('src/modules', (path) =>
  /\.(decider|events|commands|errors|projection|policy)\.ts$/.test(path),
);
const IMPURE =
  /\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\brandomUUID\b|\bprocess\.|\bawait\b|\bsetTimeout\b|\bfetch\(/;

describe('what decides and projects', () => {
  it('is found by its name', () => expect(pure.length).toBeGreaterThan(15));

  it.each(pure.map((file) => [file.path, file] as const))(
    '%s calls no clock, draws no id and waits for nothing',
    (_, file) => {
      expect(codeOf(file)).not.toMatch(IMPURE);
    },
  );
});

describe('the environment', () => {
  const readers = [...sourceFiles('src'), ...sourceFiles('libs')]
    .filter((file) => /\bprocess\.env\b/.test(codeOf(file)))
    .map(({ path }) => path);

  it('is read in one place', () => expect(readers).toEqual(['src/platform/config/environment.ts']));
});
