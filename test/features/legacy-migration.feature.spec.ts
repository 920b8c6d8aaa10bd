import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { generatedMail } from '../support/generated-mails.js';
import { type LegacyLine } from '../support/legacy-files.js';
import { itemsOf, type LegacyItem, overviewOf, settingEvents, uploadLines } from '../support/legacy-steps.js';
import { allMails, connectAccount, importCompleted, saveDetails } from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';

const mails = Array.from({ length: 30 }, (_, n) => generatedMail(n, new Date(Date.UTC(2026, 10, 2, 0, n))));
const newer = generatedMail(500, new Date('2026-11-10T00:00:00Z'));

describe.skipIf(findDovecot() === null)('the way off an old setting (skipped where Dovecot is not installed)', () => {
  let service: TestService;
  let dovecot: LocalDovecot;
  let admin: ApiClient;
  let auditor: ApiClient;
  let taro: ApiClient;

  const overview = async () => overviewOf(admin);
  const item = async (userId: string): Promise<LegacyItem> => {
    const found = (await overview()).items.find((each) => each.userId === userId);
    if (found === undefined) throw new Error(`${userId} is not in the cockpit.`);
    return found;
  };
  const registerPop3 = async (): Promise<string> => {
    const there = { host: dovecot.host, port: dovecot.ports.pop3, security: 'none' };
    const { body } = await admin.post('/mail-servers', { service: 'other', protocol: 'pop3', ...there });
    return body.id as string;
  };
  const force = async (body: object) => admin.post('/admin/legacy-settings/force-re-registration', body);

  beforeAll(async () => {
    dovecot = await startLocalDovecot({ users: [{ name: 'taro', password: 'old secret' }] });
    for (const { source, internalDate } of mails) dovecot.deliver('taro', source, { internalDate });
    service = await TestService.start();
    admin = await service.as({ userId: 'admin', roles: ['admin'] });
    auditor = await service.as({ userId: 'auditor', roles: ['auditor'] });
    taro = await service.as({ userId: 'taro', email: 'taro@sample.example' });
    const there: Omit<LegacyLine, 'userId'> = { host: dovecot.host, port: dovecot.ports.imap, security: 'none' };
    await uploadLines(admin, [
      { userId: 'taro', ...there, accountName: 'taro', password: 'old secret', importSince: '2026-11-01' },
      { userId: 'jiro', host: 'outlook.office365.com', importSince: '2026-11-01', shareByDefault: false },
      { userId: 'misaki', host: 'imap.gmail.com' },
      { userId: 'ken', host: 'imap.gmail.com' },
    ]);
    await importCompleted(taro);
  }, 120_000);

  afterAll(async () => {
    await service?.remove();
    await dovecot?.stop();
  });

  it('starts with an overview of who has to switch', async () => {
    expect(await overview()).toMatchObject({
      summary: { legacy: 3, reRegistrationRequired: 0, migrated: 0, imported: 1 },
      deadline: { cutOff: '2020-08-11', enforcedFrom: null, daysLeft: null, stage: 'notice' },
      next: null,
    });
    expect(await item('jiro')).toMatchObject({
      state: 'legacy',
      service: 'office365',
      recognisedBy: 'host',
      missing: ['connect', 'save'],
      reminded: null,
    });
    const page = (await admin.get('/admin/legacy-settings?state=legacy&limit=2')).body;
    expect(page.items.map(({ userId }: { userId: string }) => userId)).toEqual(['jiro', 'ken']);
    const rest = (await admin.get(`/admin/legacy-settings?state=legacy&limit=2&after=${page.next}`)).body;
    expect(rest.items.map(({ userId }: { userId: string }) => userId)).toEqual(['misaki']);
  });

  it('finds people by service, by what they miss, and by how their id begins', async () => {
    const found = async (query: string) => (await itemsOf(admin, query)).map(({ userId }) => userId);
    expect(await found('service=gmail')).toEqual(['ken', 'misaki']);
    expect(await found('missing=connect')).toEqual(['jiro', 'ken', 'misaki']);
    expect(await found('missing=first_mail_sent')).toEqual([]);
    expect(await found('service=gmail&missing=save&userId=mi')).toEqual(['misaki']);
    expect(await found('state=imported&userId=ta')).toEqual(['taro']);
    expect(await found('state=imported&missing=connect')).toEqual([]);
    expect((await admin.get('/admin/legacy-settings?missing=nothing')).status).toBe(422);
  });

  it('shows nobody but admins, and no other company', async () => {
    expect((await taro.get('/admin/legacy-settings')).status).toBe(403);
    const stranger = await service.as({ userId: 'eve', company: 'rival', roles: ['admin'] });
    expect((await stranger.get('/admin/legacy-settings')).body).toMatchObject({ summary: { legacy: 0 }, items: [] });
    const forced = await stranger.post('/admin/legacy-settings/force-re-registration', { all: true, reason: 'x' });
    expect(forced.body).toMatchObject({ affected: 0 });
  });

  it('tells exactly whom it would concern before anything happens, and wants a reason', async () => {
    const trial = await force({ all: true, reason: '全社切り替え', dryRun: true });
    expect(trial.body.users).toEqual(
      ['jiro', 'ken', 'misaki'].map((userId) => ({ userId, from: 'legacy', to: 're_registration_required' })),
    );
    expect((await overview()).summary).toMatchObject({ legacy: 3, reRegistrationRequired: 0 });
    expect((await force({ all: true })).status).toBe(422);
    expect((await force({ all: true, reason: '  ' })).status).toBe(422);
    expect((await force({ all: true, userIds: ['jiro'], reason: 'x' })).status).toBe(422);
    expect((await force({ reason: 'x' })).status).toBe(422);
  });

  it('records reminders, once a day', async () => {
    const { status, body } = await admin.post('/admin/legacy-settings/reminders', { userIds: ['jiro', 'taro'] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ affected: 1, campaign: { state: 'completed', changed: 1 } });
    await admin.post('/admin/legacy-settings/reminders', { userIds: ['jiro'] });
    expect(await item('jiro')).toMatchObject({ reminded: { times: 1 } });
  });

  it('forces by name, tells the user why, and changes nothing the second time', async () => {
    const { status, body } = await force({ userIds: ['jiro', 'nobody'], reason: '退職者対応' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      affected: 1,
      users: [{ userId: 'jiro', from: 'legacy', to: 're_registration_required' }],
    });
    const jiro = await service.as({ userId: 'jiro', email: 'jiro@sample.example' });
    const page = (await jiro.get('/me/mail-setting')).body;
    expect(page).toMatchObject({ state: 're_registration_required', problem: { code: 're_registration_forced' } });
    expect(page.problem.detail).toContain('退職者対応');
    expect((await force({ userIds: ['jiro'], reason: 'もう一度' })).body).toMatchObject({
      affected: 0,
      campaign: null,
    });
    const events = await settingEvents(auditor, 'jiro');
    expect(events.map(({ type }) => type)).toEqual([
      'LegacySettingImported',
      'MigrationReminded',
      'ReRegistrationForced',
    ]);
    expect(events[2]).toMatchObject({ reason: '退職者対応' });
  });

  it('takes an account that was taken over back to a new registration, with its choices and its mail', async () => {
    expect(await allMails(taro)).toHaveLength(30);
    expect((await force({ userIds: ['taro'], reason: 'パスワード流出' })).body).toMatchObject({
      affected: 1,
      users: [{ from: 'in_use' }],
    });
    expect((await taro.get('/me/mail-setting')).body).toMatchObject({
      state: 're_registration_required',
      importSince: '2026-11-01',
      shareByDefault: true,
    });
    expect(await allMails(taro), 'received mail stays').toHaveLength(30);
  });

  it('waits for a new registration again when its mail server is deleted before 保存', async () => {
    const server = await registerPop3();
    await connectAccount(taro, server, 'taro', 'old secret');
    expect((await taro.get('/me/mail-setting')).body).toMatchObject({ state: 'authorized', problem: null });
    expect((await admin.delete(`/mail-servers/${server}?release=true`)).status).toBe(204);
    const page = await eventually(
      async () => (await taro.get('/me/mail-setting')).body,
      ({ state }) => state !== 'authorized',
    );
    expect(page).toMatchObject({
      ...{ state: 're_registration_required', address: 'taro@sample.example', importSince: '2026-11-01' },
      problem: { code: 're_registration_forced' },
    });
    expect(await item('taro')).toMatchObject({
      ...{ state: 're_registration_required', address: 'taro@sample.example', missing: ['connect', 'save'] },
    });
  });

  it('does not receive a mail twice by the new registration, and has release and registration on the record', async () => {
    dovecot.deliver('taro', newer.source, { internalDate: newer.internalDate });

    // By another protocol: nothing but the mail itself says that it is here already.
    await connectAccount(taro, await registerPop3(), 'taro', 'old secret');
    expect(await item('taro')).toMatchObject({ state: 're_registration_required', missing: ['save'] });
    expect((await force({ userIds: ['taro'], reason: '重ねて' })).body).toMatchObject({ affected: 0 });
    await saveDetails(taro, '2026-11-01', true);
    await eventually(() => allMails(taro), (found) => found.length > 30); // prettier-ignore
    await importCompleted(taro);
    const subjects = (await allMails(taro)).map(({ subject }) => subject).sort();
    expect(subjects).toEqual([...mails, newer].map(({ subject }) => subject).sort());

    const events = await settingEvents(auditor, 'taro');
    expect(events.map(({ type }) => type)).toEqual([
      'AccountRegistered',
      'MailSettingDetailsSaved',
      'ReRegistrationForced',
      'AccountRegistered',
      'MailSettingReleased',
      'AccountRegistered',
      'LegacySettingReleased',
      'MailSettingDetailsSaved',
    ]);
    expect(events[6]).toMatchObject({ data: { cause: 'replaced', service: 'other' } });
  });

  it('is complete when mail was received and sent by the new registration', async () => {
    const received = await eventually(() => item('taro'), ({ lastReceivedAt }) => lastReceivedAt !== null); // prettier-ignore
    expect(received).toMatchObject({ state: 'migrated', missing: ['first_mail_sent'] });
    const { status, body } = await taro.post('/outbox/messages', {
      to: ['customer@customer.example'],
      subject: '切り替え後の最初のメール',
      text: '送信の確認です。',
    });
    expect(status, JSON.stringify(body)).toBe(202);
    const done = await eventually(() => item('taro'), ({ missing }) => missing.length === 0); // prettier-ignore
    expect(done).toMatchObject({ state: 'migrated', missing: [] });
    expect((await overview()).summary).toMatchObject({ migrated: 1, completed: 1, imported: 0 });
  });

  it('may begin with a release by the user (R11, R14)', async () => {
    const misaki = await service.as({ userId: 'misaki', email: 'misaki@sample.example' });
    expect((await misaki.delete('/me/mail-setting')).status).toBe(204);
    expect((await misaki.get('/me/mail-setting')).body).toMatchObject({ state: 'released', problem: null });
    expect((await overview()).summary).toMatchObject({ legacy: 1, released: 1 });
  });

  it('keeps what was asked for, newest first', async () => {
    const { body } = await admin.get('/admin/legacy-settings/campaigns?limit=2');
    expect(body.items).toMatchObject([
      { kind: 're_registration', reason: 'パスワード流出', affected: 1, changed: 1, state: 'completed' },
      { kind: 're_registration', reason: '退職者対応', startedBy: 'admin' },
    ]);
    const rest = (await admin.get(`/admin/legacy-settings/campaigns?limit=2&after=${body.next}`)).body;
    expect(rest).toMatchObject({ items: [{ kind: 'reminder', changed: 0 }, { kind: 'reminder', changed: 1 }], next: null }); // prettier-ignore
    const stranger = await service.as({ userId: 'eve', company: 'rival', roles: ['admin'] });
    expect((await stranger.get('/admin/legacy-settings/campaigns')).body).toMatchObject({ items: [] });
  });

  it('is given to spreadsheets', async () => {
    const { bytes, headers } = await admin.bytes('/admin/legacy-settings/export');
    const [head, ...rows] = bytes.toString().trimEnd().split('\r\n');
    expect(headers.get('content-type')).toContain('text/csv');
    expect(head).toMatch(/^\uFEFF"userId","address","service","state"/);
    expect(rows.map((row) => row.split(',')[0])).toEqual(['"jiro"', '"ken"', '"misaki"', '"taro"']);
  });
});

describe('the day on which the providers take no passwords (R09)', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start({ BASIC_AUTH_ENFORCED_FROM: '2026-01-01' });
  }, 120_000);
  afterAll(async () => service?.remove());

  it('stops old settings by themselves, as events of the system with their reason', async () => {
    const admin = await service.as({ userId: 'admin', roles: ['admin'] });
    await uploadLines(admin, [{ userId: 'taro', host: 'outlook.office365.com' }, { userId: 'jiro', host: 'imap.gmail.com' }]); // prettier-ignore
    // It looks once a minute, and soon after it was started.
    await service.stop();
    await service.run();
    const stopped = await eventually(
      async () => overviewOf(admin),
      ({ summary }) => summary.reRegistrationRequired === 2,
      120_000,
    );
    expect(stopped.deadline).toEqual({
      cutOff: '2020-08-11',
      enforcedFrom: '2026-01-01',
      daysLeft: 0,
      stage: 'enforced',
    });
    const taro = await service.as({ userId: 'taro', email: 'taro@sample.example' });
    expect((await taro.get('/me/mail-setting')).body).toMatchObject({
      state: 're_registration_required',
      problem: { code: 'legacy_setting_expired', fixableBy: 'user' },
    });
    const auditor = await service.as({ userId: 'auditor', roles: ['auditor'] });
    const events = await settingEvents(auditor, 'taro');
    expect(events[1]).toMatchObject({
      type: 'LegacySettingExpired',
      actor: { kind: 'system', name: 'legacy-enforcement' },
      reason: expect.stringContaining('2026-01-01') as string,
    });
  });
});
