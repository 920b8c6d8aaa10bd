import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { TestService } from '../support/service.js';

/** Starts the service where it cannot start, and answers how it ended. */
async function failedStart(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    env: { PATH: process.env['PATH'], SANDBOX: 'true', PORT: '0', LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

describe('a service without stores of its own', () => {
  let service: TestService;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hrbc-mail-stores-'));
    service = await TestService.start({ MONGO_URL: '', EVENTSTORE_URL: '' });
  });
  afterAll(async () => {
    await service?.remove();
    await rm(directory, { recursive: true, force: true });
  });

  it('says at its start what the stores in their place are for', async () => {
    const purpose = 'for trying, developing and testing, not for production';
    await eventually(
      async () => service.log.split('\n').filter((line) => line.includes(purpose)),
      (lines) => lines.length === 3, // each store, and the welcome
    );
  });

  it('is alone on its data: a second one says who holds them, and ends', async () => {
    const { code, output } = await failedStart({ DATA_DIR: service.dataDirectory });
    expect(output).toMatch(/The event store in .* is in use by process \d+ on .* since 20/);
    expect(code).toBe(1);
    expect((await service.with(null).get('/health/ready')).status).toBe(200);
  });

  it.each([
    ['events', 'events.sqlite', 'The event file'],
    ['documents', 'documents.sqlite', 'The document file'],
  ])('names a damaged file of %s, and leaves it as it is', async (store, name, words) => {
    const dataDirectory = join(directory, store);
    const file = join(dataDirectory, store, name);
    await mkdir(join(dataDirectory, store), { recursive: true });
    await writeFile(file, 'this was an orderly file once');
    const { code, output } = await failedStart({ DATA_DIR: dataDirectory });
    expect(output).toContain(`${words} ${file} is damaged`);
    expect(code).toBe(1);
    expect(await readFile(file, 'utf8')).toBe('this was an orderly file once');
  });
});
