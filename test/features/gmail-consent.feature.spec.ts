import { answerGoogle, TestBrowser } from '@libs/provider-simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import {
  COMPANY_APP,
  OTHER_APP,
  registerGmail,
  SAMPLE_GOOGLE,
  type ServiceWithGoogle,
  signIn,
  startWithGoogle,
} from '../support/google-steps.js';

import { type SettingPage } from '../support/mailbox-steps.js';

const admin = { userId: 'hanako', roles: ['admin', 'auditor'] } as const;
const taro = { userId: 'taro', email: 'taro@sample.example', name: '営業 太郎' };
const TARO = 'taro@sample.example';
const isBack = (url: URL): boolean => url.searchParams.has('result');
const resultOf = (url: URL): string | null => url.searchParams.get('result');

describe('Googleにログインする', () => {
  let world: ServiceWithGoogle;
  let administrator: ApiClient;
  let user: ApiClient;
  let gmail: string;

  beforeAll(async () => {
    world = await startWithGoogle();
    administrator = await world.service.as(admin);
    gmail = await registerGmail(administrator);
    user = await world.service.as(taro);
  });
  afterAll(async () => world?.stop());

  const setting = async () => (await user.get<SettingPage>('/me/mail-setting')).body;

  it("sends the browser to Google with the company's own app, for mail that can be read later and offline (R16, R24)", async () => {
    const { body } = await user.post('/me/mail-setting/authorization', { mailServerId: gmail });
    const { url } = await new TestBrowser().open(body.authorizationUrl as string, isBack);
    expect(url.origin + url.pathname).toBe(world.google.addresses.authUrl);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: COMPANY_APP.clientId,
      response_type: 'code',
      access_type: 'offline',
      prompt: 'consent',
      login_hint: TARO,
      code_challenge_method: 'S256',
      scope: 'openid email https://www.googleapis.com/auth/gmail.readonly https://www.googleapis.com/auth/gmail.send',
    });
    expect(url.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(url.searchParams.get('redirect_uri')).toBe((await user.get('/google-api-setting')).body.redirectUri);
  });

  it('tells beforehand what Google will show, and what keeps it from being shown (R27)', async () => {
    const { body } = await user.post('/me/mail-setting/authorization', { mailServerId: gmail });
    expect(body.notice).toMatch(/詳細.*に移動.*内部/);
  });

  it.each([
    ['another account', { as: 'misaki@sample.example' }, 'address_mismatch', ['misaki@sample.example', TARO]],
    ['sending not ticked', { as: TARO, untick: ['gmail.send'] }, 'permission_missing', ['メールを送信']],
    ['reading not ticked', { as: TARO, untick: ['gmail.readonly'] }, 'permission_missing', ['設定の表示']],
    [
      'nothing ticked',
      { as: TARO, untick: ['readonly', 'send'] },
      'permission_missing',
      ['設定の表示', 'メールを送信'],
    ],
    ['キャンセル', { as: TARO, cancels: true }, 'consent_denied', []],
  ])('stores nothing for %s, and says why (R25, R26)', async (_, visit, code, named) => {
    expect(await signIn(user, gmail, visit)).toBe(code);
    const { state, problem } = await setting();
    expect(state).toBe('none');
    expect(problem).toMatchObject({ code, fixableBy: 'user' });
    for (const part of named) expect(problem?.detail).toContain(part);
  });

  it('gives back at Google what was granted and is of no use, and nothing that somebody uses', async () => {
    const [jiro, misaki] = await Promise.all(
      ['jiro', 'misaki'].map(async (name) => world.service.as({ userId: name, email: `${name}@sample.example` })),
    );
    const asMisaki = { as: 'misaki@sample.example' };
    expect(await signIn(jiro!, gmail, asMisaki)).toBe('address_mismatch');
    expect(world.google.desk.grantsOf(asMisaki.as)).toEqual([]);
    expect(await signIn(misaki!, gmail, asMisaki)).toBe('ok');
    // Giving a second grant back would end the first one too.
    expect(await signIn(jiro!, gmail, asMisaki)).toBe('address_mismatch');
    expect(world.google.desk.grantsOf(asMisaki.as).length).toBeGreaterThan(0);
    expect((await misaki!.get('/me/mail-setting')).body).toMatchObject({ state: 'authorized', problem: null });

    world.google.refuse('oauth.revoke', 'unavailable');
    const unticked = { as: 'jiro@sample.example', untick: ['gmail.send'] };
    expect(await signIn(jiro!, gmail, unticked)).toBe('permission_missing');
    world.google.faults.clear();
  });

  it.each([
    ['Gmail switched off for the person', 'gmail.getProfile', 'mailServiceNotEnabled', 'gmail_not_enabled'],
    ['an API that is not enabled', 'gmail.getProfile', 'accessNotConfigured', 'gmail_api_disabled'],
    ['an administrator who bars apps', 'gmail.getProfile', 'domainPolicy', 'gmail_disabled_by_domain'],
    ['a Gmail that is away', 'gmail.getProfile', 'unavailable', 'provider_unavailable'],
    ['a token endpoint that is away', 'oauth.token', 'unavailable', 'provider_unavailable'],
  ] as const)('tells %s from a fault of the person', async (_, operation, refusal, code) => {
    world.google.refuse(operation, refusal);
    expect(await signIn(user, gmail, { as: TARO })).toBe(code);
    world.google.faults.clear();
    expect((await setting()).state).toBe('none');
  });

  it.each([
    [{ kind: 'malformed' }, 'half an answer'],
    [{ kind: 'cut' }, 'a connection that breaks'],
    [{ kind: 'answer', status: 200, body: '<html>' }, 'a page of a proxy'],
  ] as const)('survives %o (%s)', async (effect, _) => {
    world.google.faults.add({ operation: 'oauth.token', effect });
    expect(await signIn(user, gmail, { as: TARO })).toBe('provider_unavailable');
    world.google.faults.clear();
  });

  it("calls a wrong secret a fault of the company's app, which its admin can mend", async () => {
    await administrator.put('/google-api-setting', { ...COMPANY_APP, clientSecret: 'GOCSPX-mistyped' });
    expect(await signIn(user, gmail, { as: TARO })).toBe('google_client_invalid');
    await administrator.put('/google-api-setting', COMPANY_APP);
    expect((await setting()).state).toBe('none');
  });

  it('connects, and receives nothing before 保存 (R28)', async () => {
    expect(await signIn(user, gmail, { as: TARO })).toBe('ok');
    expect(await setting()).toMatchObject({
      state: 'authorized',
      service: 'gmail',
      mailServerId: gmail,
      address: TARO,
      accountName: null,
      problem: null,
      import: null,
    });
    expect(world.google.requests.of('gmail.messages.*')).toEqual([]);
  });

  it('takes an answer once, in the browser that began, and only with its own state', async () => {
    const { body } = await user.post('/me/mail-setting/authorization', { mailServerId: gmail });
    const browser = new TestBrowser();
    const page = await browser.open(body.authorizationUrl as string, isBack);
    const isCallback = (url: URL): boolean => url.pathname === '/oauth/google/callback';
    const { url: callback } = await answerGoogle(browser, page, { as: TARO }, isCallback);
    expect(resultOf((await new TestBrowser().open(callback.href, isBack)).url)).toBe('authorization_expired');
    const forged = new URL(callback);
    forged.searchParams.set('state', 'A'.repeat(43));
    expect(resultOf((await browser.open(forged.href, isBack)).url)).toBe('authorization_expired');
    expect(resultOf((await browser.open(callback.href, isBack)).url)).toBe('ok');
    expect(resultOf((await browser.open(callback.href, isBack)).url)).toBe('authorization_expired');
    expect(resultOf((await browser.open(body.authorizationUrl as string, isBack)).url)).toBe('authorization_expired');
  });

  it('does not mix up people and companies that sign in at the same moment, each by the own app', async () => {
    const rivals = await registerGmail(
      await world.service.as({ userId: 'root', company: 'rival', roles: ['admin'] }),
      OTHER_APP,
    );
    const people = Array.from({ length: 8 }, (_, n) => ({
      userId: `person${n}`,
      email: `person${n}@sample.example`,
      company: n % 2 === 0 ? 'sample' : 'rival',
    }));
    const results = await Promise.all(
      people.map(async ({ email, company, ...person }) => {
        world.google.accounts.addAccount({ email, name: person.userId });
        const client = await world.service.as({ ...person, email, company });
        return signIn(client, company === 'rival' ? rivals : gmail, { as: email });
      }),
    );
    expect(results).toEqual(people.map(() => 'ok'));
    for (const { email, company } of people) {
      const clients = world.google.desk.grantsOf(email).map(({ clientId }) => clientId);
      expect(clients).toEqual([company === 'rival' ? OTHER_APP.clientId : COMPANY_APP.clientId]);
    }
  });

  it('puts consents and refusals on the record, without a token in record or log', async () => {
    const { body } = await administrator.get('/audit/events?limit=200');
    const types = (body.items as { type: string }[]).map(({ type }) => type);
    expect(types.filter((type) => type === 'ConsentRefused').length).toBeGreaterThanOrEqual(5);
    expect(types.filter((type) => type === 'OAuthAccountConnected').length).toBeGreaterThanOrEqual(2);
    for (const text of [JSON.stringify(body), world.service.log]) expect(text).not.toMatch(/ya29\.|1\/\/|GOCSPX|"4\//);
  });
});

describe('an app that its company has not verified', () => {
  let world: ServiceWithGoogle;

  beforeAll(async () => {
    const [client] = SAMPLE_GOOGLE.clients;
    const clients = [{ ...client!, audience: 'unverified' as const }];
    world = await startWithGoogle({ ...SAMPLE_GOOGLE, clients });
  });
  afterAll(async () => world?.stop());

  it('is connected behind the warning page, by who goes on (R27)', async () => {
    const gmail = await registerGmail(await world.service.as(admin));
    const user = await world.service.as(taro);
    expect(await signIn(user, gmail, { as: TARO, mistrusts: true })).toBeNull();
    expect(await signIn(user, gmail, { as: TARO })).toBe('ok');
  });
});
