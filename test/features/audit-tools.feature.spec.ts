import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import { type ApiClient } from '../support/api-client.js';
import { TestService } from '../support/service.js';

const admin = { userId: 'hanako', name: '管理 花子', roles: ['admin', 'auditor'] } as const;

/** Runs a script as an operator would, beside the service or without it. */
async function run(script: string, args: readonly string[], dataDirectory: string) {
  const env = {
    PATH: process.env['PATH'],
    SANDBOX: 'true',
    DATA_DIR: dataDirectory,
    MAIL_HOSTS_ALLOWED_PRIVATE: '127.0.0.2',
  };
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { status, output };
}
const verify = (dataDirectory: string) => run('scripts/audit/verify-stores.mjs', [], dataDirectory);
const rebuild = (dataDirectory: string, ...names: string[]) =>
  run('scripts/projections/rebuild.mjs', names, dataDirectory);

describe('the tools of operators', () => {
  let service: TestService;
  let client: ApiClient;
  let servers = 0;

  const register = async (): Promise<number> => {
    const server = {
      service: 'other',
      protocol: 'imap',
      security: 'ssl',
      host: `127.0.0.${1 + (servers % 250)}`,
      port: 1_000 + servers++,
    };
    const { status, body } = await client.post('/mail-servers', server);
    expect(status, JSON.stringify(body)).toBe(201);
    return (await client.get('/mail-servers?limit=200')).body.items.length as number;
  };

  beforeAll(async () => {
    service = await TestService.start();
    client = await service.as(admin);
    for (let n = 0; n < 8; n++) await register();
    await client.bytes('/audit/bundle'); // seals what is there
  }, 60_000);
  afterAll(() => service?.remove());

  it('rebuild every read model while it is served, and find it equal', async () => {
    let done = false;
    const rebuilding = rebuild(service.dataDirectory).finally(() => (done = true));
    do expect(await register()).toBe(servers);
    while (!done); // prettier-ignore
    const { status, output } = await rebuilding;
    expect(status, output).toBe(0);
    const lines = output.trim().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(line).toMatch(/^\w+_v\d+: rebuilt, \d+ documents, all equal to the old ones/);
    expect(await register()).toBe(servers);
  });

  it('rebuild one, say what there is, and refuse what there is not', async () => {
    expect(await rebuild(service.dataDirectory, 'mail_servers_v1')).toMatchObject({ status: 0 });
    const unknown = await rebuild(service.dataDirectory, 'coffee_v1');
    expect(unknown.status).toBe(1);
    expect(unknown.output).toContain('There are:');
    expect(unknown.output).toContain('mail_servers_v1');
  });

  it('verify the record of a running service', async () => {
    const { status, output } = await verify(service.dataDirectory);
    expect(output).toContain('The record is whole.');
    expect(output).toMatch(/\d+ events, 1 seals, the last of 20/);
    expect(status).toBe(0);
  });

  it('verify the record of a service that does not run, and name what was changed in its file', async () => {
    await service.stop();
    const copy = await mkdtemp(join(tmpdir(), 'hrbc-mail-copy-'));
    try {
      await cp(service.dataDirectory, copy, { recursive: true });
      expect(await verify(copy)).toMatchObject({ status: 0 });
      const database = new DatabaseSync(join(copy, 'events', 'events.sqlite'));
      const row = database
        .prepare("SELECT position, response FROM event WHERE type = 'MailServerRegistered' LIMIT 1")
        .get()!;
      const bytes = Buffer.from(row['response'] as Uint8Array);
      bytes.write('imbp', bytes.indexOf('imap'));
      database.prepare('UPDATE event SET response = ? WHERE position = ?').run(bytes, row['position']!);
      database.close();
      const { status, output } = await verify(copy);
      expect(status).toBe(1);
      expect(output).toMatch(/changed: mailServer-sample_\S+ 0 at [0-9a-f]{16}-/);
      expect(output).toContain('The record is NOT whole: 1 finding(s)');
    } finally {
      await rm(copy, { recursive: true });
    }
  });

  it('say so when there is nobody to ask', async () => {
    const { status, output } = await rebuild(service.dataDirectory);
    expect(status).toBe(1);
    expect(output).toContain('No service runs on DATA_DIR');
  });
});
