import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { type LegacyLine } from '../support/legacy-files.js';
import { campaignCompleted, overviewOf, settingEvents, uploadLines } from '../support/legacy-steps.js';
import { TestService } from '../support/service.js';

/** 500 people, as a company has them: most on Office365 or Gmail, some elsewhere, some too late, some mistyped. */
const PEOPLE = 500;
const HOSTS = ['outlook.office365.com', 'imap.gmail.com', 'pop.gmail.com', '127.0.0.1', 'outlook.office365.com'];
const name = (n: number): string => `user-${String(n).padStart(3, '0')}`;
const isLate = (n: number): boolean => n % 50 === 7;
const isMistyped = (n: number): boolean => n % 50 === 19;
const isElsewhere = (n: number): boolean => n % HOSTS.length === 3;

const lines = Array.from({ length: PEOPLE }, (_, n): LegacyLine => ({
  userId: name(n),
  host: HOSTS[n % HOSTS.length]!,
  ...(isElsewhere(n) ? { port: 143, security: 'none' } : {}),
  ...(isLate(n) ? { registeredAt: '2020-08-12T00:00:00+09:00' } : {}),
  ...(isMistyped(n) ? { address: 'no address' } : {}),
}));
const count = (accept: (n: number) => boolean): number => lines.filter((_, n) => accept(n)).length;
const legacy = count((n) => !isElsewhere(n) && !isLate(n) && !isMistyped(n));
const elsewhere = count((n) => isElsewhere(n) && !isMistyped(n));

describe('a company of 500 old settings', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeAll(async () => {
    service = await TestService.start();
    admin = await service.as({ userId: 'admin', roles: ['admin'] });
  }, 120_000);
  afterAll(async () => service?.remove());

  const summary = async () => (await overviewOf(admin)).summary;

  it('is taken over, the file being sent again after a crash in its middle', async () => {
    const broken = uploadLines(admin, lines).catch(() => 'broken off');
    await sleep(600);
    await service.kill();
    await broken;
    await service.run();
    admin = await service.as({ userId: 'admin', roles: ['admin'] });
    const answer = await uploadLines(admin, lines);
    expect(answer.accepted + answer.unchanged).toBe(legacy + elsewhere);
    expect(answer.rejected).toHaveLength(PEOPLE - legacy - elsewhere);
    expect(await summary()).toMatchObject({ legacy, imported: elsewhere });
    expect(await uploadLines(admin, lines)).toMatchObject({ accepted: 0, unchanged: legacy + elsewhere });
  });

  it('is forced to register anew, once each, through crashes and overlapping wishes', async () => {
    const trial = await admin.post('/admin/legacy-settings/force-re-registration', {
      all: true,
      reason: '全社切り替え',
      dryRun: true,
    });
    expect(trial.body.affected).toBe(legacy);
    const wish = admin
      .post(
        '/admin/legacy-settings/force-re-registration',
        { all: true, reason: '全社切り替え' },
        { headers: { 'idempotency-key': 'force-all' } },
      ) // prettier-ignore
      .catch(() => null);
    await sleep(300);
    await service.kill();
    await wish;
    await service.run();
    admin = await service.as({ userId: 'admin', roles: ['admin'] });
    const again = await admin.post('/admin/legacy-settings/force-re-registration', { all: true, reason: '重ねて' });
    if (again.body.campaign !== null) await campaignCompleted(admin, again.body.campaign.id as string);
    await expect.poll(summary, { timeout: 60_000 }).toMatchObject({ legacy: 0, reRegistrationRequired: legacy });

    const auditor = await service.as({ userId: 'auditor', roles: ['auditor'] });
    for (const n of [0, 1, 2, 250, 499]) {
      const events = await settingEvents(auditor, name(n));
      expect(events.map(({ type }) => type)).toEqual(['LegacySettingImported', 'ReRegistrationForced']);
    }
    const { body } = await auditor.get('/audit/integrity');
    expect(body).toMatchObject({ ok: true });
  });

  it('leaves alone whom it does not concern', async () => {
    const { body } = await admin.get('/admin/legacy-settings?state=imported&limit=200');
    expect(body.items).toHaveLength(elsewhere);
  });
});
