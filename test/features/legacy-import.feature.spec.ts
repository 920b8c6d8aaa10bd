import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import iconv from 'iconv-lite';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { generatedMail } from '../support/generated-mails.js';
import { legacyCsv, type LegacyLine, legacyNdjson } from '../support/legacy-files.js';
import { settingEvents, upload, uploadLines } from '../support/legacy-steps.js';
import { allMails } from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';

const office = { host: 'outlook.office365.com' } as const;
const CUT_OFF_LAST = '2020-08-11T23:59:59.999+09:00';
const CUT_OFF_OVER = '2020-08-12T00:00:00+09:00';

describe('the import of old settings', () => {
  let service: TestService;
  let admin: ApiClient;
  let auditor: ApiClient;

  const stateOf = async (userId: string): Promise<string> => {
    const user = await service.as({ userId, email: `${userId}@sample.example` });
    return (await user.get<{ state: string }>('/me/mail-setting')).body.state;
  };

  beforeAll(async () => {
    service = await TestService.start();
    admin = await service.as({ userId: 'admin', roles: ['admin'] });
    auditor = await service.as({ userId: 'auditor', roles: ['auditor'] });
  }, 120_000);

  afterAll(async () => service?.remove());

  it('is for admins, and takes no other company along', async () => {
    const user = await service.as({ userId: 'nobody' });
    const { status } = await user.post('/admin/legacy-settings', undefined, {
      raw: legacyCsv([{ userId: 'x', ...office }]),
      headers: { 'content-type': 'text/csv' },
    });
    expect(status).toBe(403);
    const answer = await uploadLines(admin, [{ userId: 'x', companyId: 'rival', ...office }]);
    expect(answer).toMatchObject({ accepted: 0, rejected: [{ line: 2, code: 'legacy_other_company' }] });
    expect(await stateOf('x')).toBe('none');
  });

  it('knows the cut-off to the millisecond, in Japan time (R11)', async () => {
    const answer = await uploadLines(admin, [
      { userId: 'edge-last', ...office, registeredAt: CUT_OFF_LAST },
      { userId: 'edge-last-utc', host: 'imap.gmail.com', registeredAt: '2020-08-11T14:59:59.999Z' },
      { userId: 'edge-over', ...office, registeredAt: CUT_OFF_OVER },
      { userId: 'edge-over-utc', host: 'imap.gmail.com', registeredAt: '2020-08-11T15:00:00Z' },
    ]);
    expect(answer).toMatchObject({
      accepted: 2,
      rejected: [
        { line: 4, code: 'registered_after_cutoff' },
        { line: 5, code: 'registered_after_cutoff' },
      ],
    });
    expect(await Promise.all(['edge-last', 'edge-last-utc', 'edge-over', 'edge-over-utc'].map(stateOf))).toEqual([
      'legacy',
      'legacy',
      'none',
      'none',
    ]);
  });

  it('changes nothing the second time, and tells every bad line by number and reason', async () => {
    const good: LegacyLine[] = Array.from({ length: 40 }, (_, n) => ({ userId: `good-${n}`, ...office }));
    const lines = legacyCsv(good).split('\r\n');
    lines.splice(11, 0, 'sample,too-few-columns', '"sample","never closed', '');
    lines.splice(31, 0, ...legacyCsv([{ userId: 'bad-day', ...office, registeredAt: '2020-02-30' }]).split('\r\n').slice(1, 2)); // prettier-ignore
    const file = lines.join('\r\n');
    const rejected = [
      { line: 12, code: 'line_malformed' },
      { line: 13, code: 'line_malformed' },
      { line: 32, code: 'legacy_value_invalid' },
    ];
    const first = await upload(admin, file);
    expect(first.rejected.map(({ line, code }) => ({ line, code }))).toEqual(rejected);
    expect(first).toMatchObject({ accepted: 40, unchanged: 0 });
    const again = await upload(admin, file);
    expect(again).toMatchObject({ accepted: 0, unchanged: 40 });
    expect(again.rejected).toHaveLength(3);
    expect(await settingEvents(auditor, 'good-7')).toMatchObject([{ type: 'LegacySettingImported' }]);
  });

  it('takes one line about a person, and says the same at every repeat', async () => {
    const lines = [
      { userId: 'twice', ...office },
      { userId: 'twice', ...office, registeredAt: '2018-04-01' },
    ];
    const rejected = [{ line: 3, code: 'legacy_person_twice' }];
    expect(await uploadLines(admin, lines)).toMatchObject({ accepted: 1, rejected });
    expect(await uploadLines(admin, lines)).toMatchObject({ accepted: 0, unchanged: 1, rejected });
    expect(await settingEvents(auditor, 'twice')).toHaveLength(1);
  });

  it('reads what Excel in Japanese writes, and NDJSON', async () => {
    const csv = legacyCsv([{ userId: 'excel', name: '髙橋①㈱', ...office, registeredAt: '2020/8/11 23:59' }]);
    const { body } = await admin.post('/admin/legacy-settings', undefined, {
      raw: iconv.encode(csv, 'cp932') as unknown as string,
      headers: { 'content-type': 'text/csv; charset=Shift_JIS' },
    });
    expect(body).toMatchObject({ accepted: 1, rejected: [] });
    const marked = await upload(admin, `\uFEFF${legacyCsv([{ userId: 'marked', ...office }])}`);
    expect(marked).toMatchObject({ accepted: 1, rejected: [] });
    const ndjson = legacyNdjson([{ userId: 'json', ...office }]) + '{"userId":\n';
    expect(await upload(admin, ndjson, 'application/x-ndjson')).toMatchObject({
      accepted: 1,
      rejected: [{ line: 2, code: 'line_malformed' }],
    });
    expect(await Promise.all(['excel', 'marked', 'json'].map(stateOf))).toEqual(['legacy', 'legacy', 'legacy']);
  });

  it('refuses a file without its columns, and other kinds of file', async () => {
    const send = async (raw: string, type: string) =>
      admin.post('/admin/legacy-settings', undefined, { raw, headers: { 'content-type': type } });
    expect(await send('userId,host\r\n', 'text/csv')).toMatchObject({
      status: 422,
      body: { code: 'legacy_header_invalid' },
    });
    expect((await send('{}', 'application/json')).status).toBe(415);
  });

  it('tells the user what to do, in the own language, and never asks for the password again', async () => {
    await uploadLines(admin, [{ userId: 'taro', ...office, shareByDefault: false, importSince: '2020-01-06' }]);
    const taro = await service.as({ userId: 'taro', email: 'taro@sample.example' });
    const { body } = await taro.get('/me/mail-setting');
    expect(body).toMatchObject({
      state: 'legacy',
      service: 'office365',
      address: 'taro@sample.example',
      importSince: '2020-01-06',
      shareByDefault: false,
      problem: { code: 'legacy_setting', fixableBy: 'user' },
    });
    expect(body.problem.detail).toContain('「Office365にログインする」');
    const english = await taro.get('/me/mail-setting', { headers: { 'accept-language': 'en' } });
    expect(english.body.problem.detail).toContain('Sign in to Office365');
  });

  it('drops the password of an OAuth host unread: it is nowhere in the data and the log', async () => {
    const password = 'Unmistakable-パス-93b1';
    await uploadLines(admin, [{ userId: 'dropped', ...office, password }]);
    await service.stop();
    const files = await readdir(service.dataDirectory, { recursive: true, withFileTypes: true });
    const holding: string[] = [];
    for (const file of files.filter((entry) => entry.isFile())) {
      const bytes = await readFile(join(file.parentPath, file.name));
      if (bytes.includes(password)) holding.push(file.name);
    }
    expect(holding).toEqual([]);
    expect(service.log).not.toContain(password);
    await service.run();
    expect(await stateOf('dropped')).toBe('legacy');
  });
});

describe.skipIf(findDovecot() === null)(
  'an old setting of an other server (skipped where Dovecot is not installed)',
  () => {
    let service: TestService;
    let dovecot: LocalDovecot;

    beforeAll(async () => {
      dovecot = await startLocalDovecot({ users: [{ name: 'taro', password: 'old secret' }] });
      dovecot.deliver('taro', generatedMail(1, new Date('2026-11-02T00:00:00Z')).source, {
        internalDate: new Date('2026-11-02T00:00:00Z'),
      });
      service = await TestService.start();
    }, 120_000);

    afterAll(async () => {
      await service?.remove();
      await dovecot?.stop();
    });

    it('goes on with its password and receives; the server is registered once for all', async () => {
      const admin = await service.as({ userId: 'admin', roles: ['admin'] });
      const there = { host: dovecot.host, port: dovecot.ports.imap, security: 'none' } as const;
      const answer = await uploadLines(admin, [
        { userId: 'taro', ...there, accountName: 'taro', password: 'old secret', importSince: '2026-11-01' },
        { userId: 'jiro', ...there, accountName: 'somebody else' },
        { userId: 'misaki', ...there, host: '192.168.0.1' },
      ]);
      expect(answer).toMatchObject({
        accepted: 1,
        rejected: [
          { line: 3, code: 'account_name_not_allowed' },
          { line: 4, code: 'private_address' },
        ],
      });
      const { body: servers } = await admin.get('/mail-servers');
      expect(servers.items).toMatchObject([{ service: 'other', host: dovecot.host, inUseBy: 1 }]);
      const taro = await service.as({ userId: 'taro', email: 'taro@sample.example' });
      expect((await taro.get('/me/mail-setting')).body).toMatchObject({ state: 'in_use', service: 'other' });
      const mails = await eventually(() => allMails(taro), (found) => found.length === 1); // prettier-ignore
      expect(mails[0]).toMatchObject({ shared: true });
      expect(await uploadLines(admin, [{ userId: 'taro', ...there, accountName: 'taro' }])).toMatchObject({
        accepted: 0,
        unchanged: 1,
      });
      expect((await admin.delete(`/mail-servers/${servers.items[0].id as string}?release=true`)).status).toBe(204);
      const afterDeletion = await uploadLines(admin, [
        { userId: 'taro', ...there, accountName: 'taro' },
        { userId: 'jiro', ...there, accountName: 'somebody else' },
      ]);
      expect(afterDeletion).toMatchObject({
        accepted: 0,
        unchanged: 1,
        rejected: [{ line: 3, code: 'account_name_not_allowed' }],
      });
      expect((await admin.get('/mail-servers')).body.items, 'registered anew for nobody').toEqual([]);
    });
  },
);
