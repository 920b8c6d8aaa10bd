import { TestBrowser } from '@libs/provider-simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import {
  registerOffice365,
  type ServiceWithMicrosoft,
  signIn,
  startWithMicrosoft,
  STRICT_TENANT,
} from '../support/microsoft-steps.js';

const boss = { userId: 'boss', company: 'strict', email: 'boss@strict.example', roles: ['admin', 'auditor'] } as const;
const kenji = { userId: 'kenji', company: 'strict', email: 'kenji@strict.example' };
const yuki = { userId: 'yuki', company: 'strict', email: 'yuki@strict.example' };

describe('a tenant whose administrator has to approve apps first (most, since late 2025)', () => {
  let world: ServiceWithMicrosoft;
  let admin: ApiClient;
  let office365: string;

  beforeAll(async () => {
    world = await startWithMicrosoft();
    admin = await world.service.as(boss);
    office365 = await registerOffice365(admin);
  });
  afterAll(() => world?.stop());

  const consent = async (of = admin) => (await of.get('/admin/office365-consent')).body;
  const isBack = (url: URL): boolean => url.searchParams.has('result');
  it('offers the link by which the app is approved, to admins only', async () => {
    const { adminConsentUrl, grantedAt, waiting } = await consent();
    const url = new URL(adminConsentUrl as string);
    expect(url.pathname).toBe('/organizations/v2.0/adminconsent');
    expect(url.searchParams.get('scope')).toContain('https://graph.microsoft.com/Mail.Read');
    expect(url.searchParams.get('state')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect([grantedAt, waiting]).toEqual([null, 0]);
    expect((await consent()).adminConsentUrl).toBe(adminConsentUrl);
    expect((await (await world.service.as(kenji)).get('/admin/office365-consent')).status).toBe(403);
    const other = await world.service.as({ userId: 'o', company: 'other', roles: ['admin'] });
    expect((await consent(other)).adminConsentUrl).not.toBe(adminConsentUrl);
  });

  it('lets users who meet it know what to do, with a text for the administrator, and counts them', async () => {
    for (const person of [kenji, yuki]) {
      const user = await world.service.as(person);
      expect(await signIn(world, user, office365, { as: person.email, press: 'accept' })).toBe(
        'admin_consent_required',
      );
      const { state, problem } = (await user.get('/me/mail-setting')).body;
      expect([state, problem.code, problem.fixableBy]).toEqual(['none', 'admin_consent_required', 'admin']);
      expect(problem.textForAdmin).toContain((await consent()).adminConsentUrl);
    }
    expect((await consent()).waiting).toBe(2);
    const other = await world.service.as({ userId: 'o', company: 'other', roles: ['admin'] });
    expect((await consent(other)).waiting).toBe(0);
  });

  it('is told by the plain way back too that approval may be what is missing', async () => {
    world.microsoft.consent.approvalNumber = 65_004;
    const user = await world.service.as({ ...kenji, userId: 'kenji2' });
    expect(await signIn(world, user, office365, { as: kenji.email })).toBe('consent_denied');
    expect((await user.get('/me/mail-setting')).body.problem.detail).toContain('管理者の承認が必要');
  });

  it('records a refusal, and then when it was given', async () => {
    const browser = new TestBrowser();
    const account = world.microsoft.account('boss@strict.example');
    const refused = await browser.decide(
      await browser.open((await consent()).adminConsentUrl as string),
      { account, decision: 'deny' },
      isBack,
    );
    expect(refused.url.searchParams.get('result')).toBe('consent_denied');
    expect((await consent()).grantedAt).toBeNull();

    const before = Date.now();
    const link = (await consent()).adminConsentUrl as string;
    const given = await browser.decide(await browser.open(link), { account, decision: 'accept' }, isBack);
    expect(given.url.searchParams.get('result')).toBe('ok');
    const { grantedAt, adminConsentUrl } = await consent();
    expect(Date.parse(grantedAt as string)).toBeGreaterThanOrEqual(before);
    expect(new URL(adminConsentUrl as string).pathname).toBe(`/${STRICT_TENANT}/v2.0/adminconsent`);

    const { body } = await admin.get('/audit/events?limit=200');
    const types = (body.items as { type: string; data: unknown }[]).filter(({ type }) =>
      type.startsWith('AdminConsent'),
    );
    expect(types).toMatchObject([
      { type: 'AdminConsentRefused', data: { code: 'consent_denied' } },
      { type: 'AdminConsentGiven', data: { tenantId: STRICT_TENANT } },
    ]);
  });

  it('uses a link once, and believes no answer without one', async () => {
    const base = world.service.url;
    for (const query of [
      `admin_consent=True&tenant=${STRICT_TENANT}`,
      `admin_consent=True&tenant=${STRICT_TENANT}&state=made-up`,
    ]) {
      const { url } = await new TestBrowser().open(`${base}/oauth/office365/admin-consent?${query}`, isBack);
      expect(url.searchParams.get('result')).toBe('authorization_expired');
    }
  });

  it('then lets everybody sign in, and nobody waits any more', async () => {
    for (const person of [kenji, yuki]) {
      expect(await signIn(world, await world.service.as(person), office365, { as: person.email })).toBe('ok');
    }
    expect((await consent()).waiting).toBe(0);
  });
});
