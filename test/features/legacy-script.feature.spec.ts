import iconv from 'iconv-lite';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { legacyCsv, type LegacyLine, legacyNdjson } from '../support/legacy-files.js';
import { overviewOf, settingEvents } from '../support/legacy-steps.js';
import { RunningScript } from '../support/running-script.js';
import { TestService } from '../support/service.js';

const MANY = 1_200;
const office = { host: 'outlook.office365.com' } as const;
const people = (prefix: string, count: number): LegacyLine[] =>
  Array.from({ length: count }, (_, n) => ({ userId: `${prefix}-${n}`, name: '髙橋①㈱', ...office }));

describe('npm run legacy:import', () => {
  let service: TestService;
  let admin: ApiClient;
  let directory: string;
  let token: string;

  const written = async (name: string, content: string | Buffer): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, content);
    return path;
  };
  const start = (file: string, environment: Readonly<Record<string, string>> = {}, ...options: string[]) =>
    new RunningScript('scripts/legacy/import.mjs', [file, ...options], {
      SERVICE_URL: service.url,
      ACCESS_TOKEN: token,
      ...environment,
    });
  const run = async (...how: Parameters<typeof start>) => {
    const script = start(...how);
    return { code: await script.ended(), lines: script.stdout.trimEnd().split('\n'), stderr: script.stderr };
  };
  const legacyCount = async () => (await overviewOf(admin)).summary['legacy'];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hrbc-legacy-'));
    service = await TestService.start();
    admin = await service.as({ userId: 'admin', roles: ['admin'] });
    token = await service.tokenOf({ userId: 'admin', roles: ['admin'] });
  }, 120_000);

  afterAll(async () => {
    await service?.remove();
    await rm(directory, { recursive: true, force: true });
  });

  it('reads UTF-8 with and without its mark, the CP932 of Excel, and NDJSON', async () => {
    const files = [
      await written('utf8.csv', legacyCsv(people('utf8', 3))),
      await written('marked.csv', `\uFEFF${legacyCsv(people('marked', 3))}`),
      await written('excel.csv', iconv.encode(legacyCsv(people('excel', 3)), 'cp932')),
      await written('lines.ndjson', legacyNdjson(people('ndjson', 3))),
    ];
    for (const file of files) {
      expect(await run(file)).toMatchObject({ code: 0, lines: ['3 accepted, 0 unchanged, 0 rejected'] });
    }
    expect(await legacyCount()).toBe(12);
    expect(await run(files[2]!)).toMatchObject({ code: 0, lines: ['0 accepted, 3 unchanged, 0 rejected'] });
  });

  it('takes the good lines, and tells every bad one by its number in the file, in either language', async () => {
    const lines = legacyCsv(people('good', 600)).trimEnd().split('\r\n');
    lines.splice(3, 0, 'sample,too,few');
    lines.splice(550, 0, legacyCsv([{ userId: 'late', ...office, registeredAt: '2020-08-12' }]).split('\r\n')[1]!);
    lines.splice(560, 0, '"sample","never closed');
    const file = await written('bad.csv', lines.join('\r\n'));
    const { code, lines: told } = await run(file);
    expect(code).toBe(2);
    expect(told.map((line) => /^line \d+: \w+/.exec(line)?.[0] ?? line)).toEqual([
      'line 4: line_malformed',
      'line 551: registered_after_cutoff',
      'line 561: line_malformed',
      '600 accepted, 0 unchanged, 3 rejected',
    ]);
    const english = await run(file, { LANG: 'en_US.UTF-8' }, '--from-line', '551');
    expect(english.lines[0]).toContain('no old setting by password');
    expect(english.lines.at(-1)).toBe('0 accepted, 52 unchanged, 2 rejected');
  });

  it('refuses a second line about somebody, however far behind the first', async () => {
    const file = await written('twice.csv', legacyCsv([...people('twice', 600), ...people('twice', 1)]));
    const { code, lines } = await run(file, { LANG: 'en_US.UTF-8' });
    expect(code).toBe(2);
    expect(lines[0]).toMatch(/^line 602: legacy_person_twice .* on line 2 already/);
    expect(lines.at(-1)).toBe('600 accepted, 0 unchanged, 1 rejected');
    expect((await run(file, {}, '--from-line', '602')).lines.at(-1)).toBe('0 accepted, 0 unchanged, 1 rejected');
  });

  it('waits for a service that is killed and started again in the middle, and loses and doubles nothing', async () => {
    const before = (await legacyCount())!;
    const script = start(await written('killed.csv', legacyCsv(people('killed', MANY))));
    await script.says('up to line 501:');
    await service.kill();
    await script.says('does not answer');
    await service.run();
    expect(await script.ended(), script.stderr).toBe(0);
    expect(await legacyCount()).toBe(before + MANY);
    const auditor = await service.as({ userId: 'auditor', roles: ['auditor'] });
    for (const n of [0, 499, 500, 501, 563, 999, MANY - 1]) {
      expect(await settingEvents(auditor, `killed-${n}`)).toMatchObject([{ type: 'LegacySettingImported' }]);
    }
  });

  it('is killed itself, and does the rest when it is run again', async () => {
    const before = (await legacyCount())!;
    const file = await written('again.csv', legacyCsv(people('again', MANY)));
    const script = start(file);
    await script.says('up to line 501:');
    await script.kill();
    const { code, lines } = await run(file);
    expect(code).toBe(0);
    const [, accepted, unchanged] = /^(\d+) accepted, (\d+) unchanged, 0 rejected$/.exec(lines[0] ?? '') ?? [];
    expect(Number(unchanged)).toBeGreaterThanOrEqual(500);
    expect(Number(accepted) + Number(unchanged)).toBe(MANY);
    expect(await legacyCount()).toBe(before + MANY);
  });

  it('says what is missing, in place of doing half', async () => {
    const file = await written('fine.csv', legacyCsv(people('fine', 1)));
    const headless = await written('headless.csv', 'userId,host\r\n');
    const failures = [
      [await run(join(directory, 'missing.csv')), 'There is no file'],
      [await run(headless), 'companyId,userId,address'],
      [await run(await written('empty.ndjson', '')), 'not a single line'],
      [await run(file, { ACCESS_TOKEN: '' }), 'ACCESS_TOKEN'],
      [await run(file, { ACCESS_TOKEN: 'expired' }), '--from-line 1'],
      [await run(file, {}, '--from-line', 'x'), 'Usage'],
    ] as const;
    for (const [{ code, stderr }, text] of failures) {
      expect(stderr).toContain(text);
      expect(code).toBe(1);
    }
  });
});
