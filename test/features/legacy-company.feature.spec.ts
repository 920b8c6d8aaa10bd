import { findDovecot } from '@libs/local-dovecot';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { generatedMail } from '../support/generated-mails.js';
import { registerGmail, signIn as signInAtGoogle } from '../support/google-steps.js';
import { IMPORT_DAY, LegacyCompany, type LegacyPerson, of, PEOPLE } from '../support/legacy-company.js';
import { campaignCompleted, itemsOf, overviewOf, settingEvents, uploadLines } from '../support/legacy-steps.js';
import { allMails, importCompleted, mailsAreHere, saveDetails } from '../support/mailbox-steps.js';
import { registerOffice365, signIn as signInAtMicrosoft } from '../support/microsoft-steps.js';
import { submit, untilState } from '../support/outbox-steps.js';

const legacy = of('office365').length + of('gmail').length;
const elsewhere = of('elsewhere');

/** Who walks all the way: through the provider's consent, the first mail in and the first mail out. */
const WALKERS = [
  ...of('office365').slice(0, 12).map((person) => ({ person, to: 'office365' as const })), // prettier-ignore
  ...of('gmail')
    .slice(0, 12)
    .map((person) => ({ person, to: 'gmail' as const })),
];
/** Whose mail server was given up: received by IMAP, forced by name, and goes on at a provider. */
const MOVERS = [
  ...elsewhere.slice(0, 4).map((person) => ({ person, to: 'office365' as const })),
  ...elsewhere.slice(4, 8).map((person) => ({ person, to: 'gmail' as const })),
];
const ALL_THE_WAY = [...WALKERS, ...MOVERS];
/** Who is made to register anew and has not done it; everybody else is left to the providers' day. */
const FORCED = of('office365').slice(50, 150);

const hour = (n: number): Date => new Date(Date.UTC(2026, 10, 2, n));
const mailOf = ({ userId, email }: LegacyPerson, n: number) =>
  generatedMail(Number(userId.slice(-3)) * 10 + n, hour(n), email);
/** The same in the old mailbox and in the new one, and what comes when the new one is connected. */
const OLD_MAILS = [0, 1, 2];
const FIRST_MAIL = 3;

describe.skipIf(findDovecot() === null)(
  `a company of ${PEOPLE} old settings (skipped where Dovecot is not installed)`,
  () => {
    let company: LegacyCompany;
    let admin: ApiClient;
    let auditor: ApiClient;
    let serverIds: Record<'office365' | 'gmail', string>;

    const signInAgain = async () => {
      admin = await company.service.as({ userId: 'admin', roles: ['admin'] });
      auditor = await company.service.as({ userId: 'auditor', roles: ['auditor'] });
    };
    const crash = async () => {
      await company.service.kill();
      await company.service.run();
      await signInAgain();
    };
    const clientOf = async ({ userId, email }: LegacyPerson) => company.service.as({ userId, email });
    const summary = async () => (await overviewOf(admin)).summary;
    const force = async (scope: object, reason: string, headers = {}) =>
      admin.post('/admin/legacy-settings/force-re-registration', { ...scope, reason }, { headers });
    const historyOf = async ({ userId }: LegacyPerson) =>
      (await settingEvents(auditor, userId)).map(({ type }) => type);

    /** 「…にログインする」, 保存: from an old setting to a new one. */
    async function walk(person: LegacyPerson, to: 'office365' | 'gmail'): Promise<void> {
      const user = await clientOf(person);
      const visit = { as: person.email };
      const result =
        to === 'office365'
          ? await signInAtMicrosoft(company, user, serverIds.office365, visit)
          : await signInAtGoogle(user, serverIds.gmail, visit);
      expect(result).toBe('ok');
      await saveDetails(user, IMPORT_DAY, true);
    }
    const everybody = async (who: typeof ALL_THE_WAY, step: (each: (typeof ALL_THE_WAY)[number]) => Promise<void>) => {
      for (let n = 0; n < who.length; n += 8) await Promise.all(who.slice(n, n + 8).map(step));
    };

    beforeAll(async () => {
      company = await LegacyCompany.begin();
      for (const person of elsewhere) company.deliver(person, 'elsewhere', mailOf(person, 0));
      for (const { person } of MOVERS)
        for (const n of OLD_MAILS.slice(1)) company.deliver(person, 'elsewhere', mailOf(person, n));
      for (const { person, to } of ALL_THE_WAY)
        for (const n of OLD_MAILS) company.deliver(person, to, mailOf(person, n));
      await signInAgain();
      serverIds = { office365: await registerOffice365(admin), gmail: await registerGmail(admin) };
    }, 120_000);
    afterAll(async () => company?.end());

    it('is taken over, the file being sent again after a crash in its middle', async () => {
      const file = company.file();
      const broken = uploadLines(admin, file).catch(() => 'broken off');
      await sleep(600);
      await crash();
      await broken;
      const answer = await uploadLines(admin, file);
      expect(answer.accepted + answer.unchanged).toBe(legacy + elsewhere.length);
      expect(answer.rejected).toHaveLength(PEOPLE - legacy - elsewhere.length);
      expect(await summary()).toMatchObject({ legacy, imported: elsewhere.length });
      expect(await uploadLines(admin, file)).toMatchObject({ accepted: 0, unchanged: legacy + elsewhere.length });
    });

    it('goes on receiving by IMAP where its mail lies elsewhere', async () => {
      const movers = await Promise.all(MOVERS.map(async ({ person }) => clientOf(person)));
      for (const user of movers) await mailsAreHere(user, OLD_MAILS.length);
      const last = await clientOf(elsewhere.at(-1)!);
      await mailsAreHere(last, 1);
    });

    it('is reminded, and says for everybody what is missing', async () => {
      const { body } = await admin.post('/admin/legacy-settings/reminders', { all: true });
      expect(body).toMatchObject({ affected: legacy });
      if (body.campaign.state !== 'completed') await campaignCompleted(admin, body.campaign.id as string);
      const items = await itemsOf(admin, 'state=legacy');
      expect(items).toHaveLength(legacy);
      for (const item of items) expect(item).toMatchObject({ missing: ['connect', 'save'], reminded: { times: 1 } });
    });

    it('is made to register anew by name, also who received by IMAP, through a crash and overlapping wishes', async () => {
      const userIds = [...FORCED, ...MOVERS.map(({ person }) => person)].map(({ userId }) => userId);
      const trial = await admin.post('/admin/legacy-settings/force-re-registration', {
        ...{ userIds, reason: '試し', dryRun: true },
      });
      expect(trial.body.users.map(({ userId }: LegacyPerson) => userId)).toEqual([...userIds].sort());
      const wish = force({ userIds }, '全社切り替え', { 'idempotency-key': 'first' }).catch(() => null);
      await sleep(100);
      await crash();
      await wish;
      const again = await force({ userIds }, '重ねて');
      if (again.body.campaign !== null) await campaignCompleted(admin, again.body.campaign.id as string);
      await expect.poll(summary, { timeout: 60_000 }).toMatchObject({ reRegistrationRequired: userIds.length });
      for (const { userId } of FORCED.slice(0, 5)) {
        expect((await settingEvents(auditor, userId)).map(({ type }) => type)).toEqual([
          'LegacySettingImported',
          'MigrationReminded',
          'ReRegistrationForced',
        ]);
      }
    });

    it(`walks through the consents of Microsoft and Google: ${ALL_THE_WAY.length} people`, async () => {
      await everybody(ALL_THE_WAY, async ({ person, to }) => walk(person, to));
      expect(await summary()).toMatchObject({ migrated: ALL_THE_WAY.length });
      expect(await historyOf(WALKERS[0]!.person)).toEqual([
        'LegacySettingImported',
        'MigrationReminded',
        'OAuthAccountConnected',
        'LegacySettingReleased',
        'MailSettingDetailsSaved',
      ]);
      expect(await historyOf(MOVERS[0]!.person)).toEqual([
        'AccountRegistered',
        'MailSettingDetailsSaved',
        'ReRegistrationForced',
        'OAuthAccountConnected',
        'LegacySettingReleased',
        'MailSettingDetailsSaved',
      ]);
    });

    it('receives what is there and what comes, and nothing twice that came by IMAP before', async () => {
      await everybody(ALL_THE_WAY, async ({ person, to }) => {
        const user = await clientOf(person);
        await importCompleted(user);
        company.deliver(person, to, mailOf(person, FIRST_MAIL));
        const expected = [...OLD_MAILS, FIRST_MAIL].map((n) => mailOf(person, n).subject);
        await eventually(async () => allMails(user), (mails) => mails.length >= expected.length); // prettier-ignore
        expect((await allMails(user)).map(({ subject }) => subject).sort(), person.userId).toEqual(expected.sort());
      });
    });

    it('is through with everybody whose first mail has come in and gone out by the new registration', async () => {
      expect(await summary()).toMatchObject({ migrated: ALL_THE_WAY.length, completed: 0 });
      await everybody(ALL_THE_WAY, async ({ person, to }) => {
        const user = await clientOf(person);
        const mail = { to: ['customer@customer.example'], subject: '切り替え後の最初のメール', text: '確認です。' };
        const { route } = await untilState(user, await submit(user, mail), 'accepted');
        expect(route).toBe(to);
      });
      const items = await eventually(
        async () => itemsOf(admin, 'state=migrated'),
        (found) => found.every(({ missing }) => missing.length === 0),
      );
      expect(items.map(({ userId }) => userId)).toEqual(ALL_THE_WAY.map(({ person }) => person.userId).sort());
      expect(await summary()).toMatchObject({ completed: ALL_THE_WAY.length });
    });

    it('leaves the rest to the providers’ day, on which it stops by itself, and everybody is accounted for', async () => {
      await company.service.stop();
      await company.service.run({ BASIC_AUTH_ENFORCED_FROM: '2026-11-01' });
      await signInAgain();
      const { deadline } = await eventually(async () => overviewOf(admin), (found) => found.summary['legacy'] === 0); // prettier-ignore
      expect(deadline).toMatchObject({ stage: 'enforced' });
      expect(await summary()).toEqual({
        legacy: 0,
        reRegistrationRequired: legacy - WALKERS.length,
        migrated: ALL_THE_WAY.length,
        completed: ALL_THE_WAY.length,
        released: 0,
        imported: elsewhere.length - MOVERS.length,
      });
      const expired = of('gmail').at(-1)!;
      expect(await historyOf(expired)).toEqual(['LegacySettingImported', 'MigrationReminded', 'LegacySettingExpired']);
      expect(await historyOf(FORCED[0]!)).not.toContain('LegacySettingExpired');
      expect((await auditor.get('/audit/integrity')).body).toMatchObject({ ok: true });
    });
  },
);
