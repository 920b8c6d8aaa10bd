import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generatedKeys } from './generated-keys.js';

describe("the sandbox's own key", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hrbc-mail-keys-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is made once and stays the same, also when several start at once', async () => {
    const data = join(directory, 'not', 'there', 'yet');
    const all = await Promise.all(Array.from({ length: 5 }, () => generatedKeys(data)));
    const key = all[0]?.[0]?.key;
    expect(key).toHaveLength(32);
    expect(await readdir(data)).toEqual(['credential-keys']);
    for (const keys of [...all, await generatedKeys(data)]) expect(keys).toEqual([{ id: 'sandbox', key }]);
  });

  it('can be read by nobody else', async () => {
    await generatedKeys(directory);
    expect((await stat(join(directory, 'credential-keys'))).mode & 0o777).toBe(0o600);
  });

  it('is not made up where a damaged one lies', async () => {
    await writeFile(join(directory, 'credential-keys'), 'half a k');
    await expect(generatedKeys(directory)).rejects.toThrow('does not hold a key of 32 bytes');
  });
});
