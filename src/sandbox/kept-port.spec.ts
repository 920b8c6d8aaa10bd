import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onKeptPort } from './kept-port.js';

describe('a server on a kept port', () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hrbc-kept-port-'));
    file = join(directory, 'port');
  });
  afterEach(async () => rm(directory, { recursive: true, force: true }));

  const taken = Object.assign(new Error(''), { code: 'EADDRINUSE' });
  /** Any server listens at 4000 where it may choose. */
  const start = async (port = 4_000): Promise<string> => {
    if (port === 5_000) throw taken;
    if (port === 6_000) throw new Error('ill');
    return `https://localhost:${port}`;
  };
  const started = async () => onKeptPort(file, start, (url) => url);

  it('is found where it was before', async () => {
    expect(await started()).toBe('https://localhost:4000');
    await writeFile(file, '4711');
    expect(await started()).toBe('https://localhost:4711');
  });

  it('goes elsewhere when that is taken, or when the file is none', async () => {
    await writeFile(file, '5000');
    expect(await started()).toBe('https://localhost:4000');
    expect(await readFile(file, 'utf8')).toBe('4000');
    await writeFile(file, 'half a');
    expect(await started()).toBe('https://localhost:4000');
  });

  it('does not hide what else is wrong', async () => {
    await writeFile(file, '6000');
    await expect(started()).rejects.toThrow('ill');
  });
});
