import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { environmentSchema } from './config.schema.js';
import { loadConfig } from './environment.js';

const example = parseEnv(readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8'));

describe('.env.example', () => {
  it('explains exactly the variables that the schema knows', () => {
    expect(Object.keys(example).sort()).toEqual(Object.keys(environmentSchema.shape).sort());
  });

  it('shows the defaults', () => {
    const sandbox = { SANDBOX: 'true' };
    expect(loadConfig({ ...example, ...sandbox })).toEqual(loadConfig(sandbox));
  });
});
