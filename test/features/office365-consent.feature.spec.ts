import { TestBrowser } from '@libs/provider-simulators';
import { describe, expect, it } from 'vitest';
import {
  beginSignIn,
  HRBC_APP,
  registerOffice365,
  RETURN_URL,
  SAMPLE_TENANT,
  signIn,
  signInStory,
  visit,
} from '../support/microsoft-steps.js';

describe('signing in at Microsoft', () => {
  const story = signInStory();

  const setting = async (of = story.user) => (await of.get('/me/mail-setting')).body;
  const refusals = async (userId: string) =>
    (await story.auditor.get(`/audit/events?type=ConsentRefused&userId=${userId}&limit=200`)).body.items as {
      data: Record<string, unknown>;
    }[];

  it('sends the browser off with PKCE, a hint whose mailbox is wanted, and nothing secret', async () => {
    const browser = new TestBrowser();
    const page = await browser.open(await beginSignIn(story.user, story.mailServerId));
    const query = Object.fromEntries(page.url.searchParams);
    expect(query).toMatchObject({
      client_id: HRBC_APP.clientId,
      response_type: 'code',
      response_mode: 'query',
      redirect_uri: `${story.world.service.url.replace('127.0.0.1', 'localhost')}/oauth/office365/callback`,
      scope: 'openid profile email offline_access User.Read Mail.Read Mail.Send',
      login_hint: 'taro@sample.example',
      code_challenge_method: 'S256',
    });
    expect(query['code_challenge']).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(query['state']!.length).toBeGreaterThanOrEqual(32);
    expect(page.url.href).not.toContain(HRBC_APP.clientSecret);
  });

  it('connects the account once it consents, and waits for 保存 (R24, R28)', async () => {
    expect(await signIn(story.world, story.user, story.mailServerId, { as: 'taro@sample.example' })).toBe('ok');
    expect(await setting()).toMatchObject({
      state: 'authorized',
      service: 'office365',
      mailServerId: story.mailServerId,
      address: 'taro@sample.example',
      accountName: null,
      problem: null,
    });
    const { body } = await story.auditor.get('/audit/events?type=OAuthAccountConnected');
    expect(body.items[0]).toMatchObject({
      actor: { kind: 'user', userId: 'taro', name: '営業 太郎' },
      data: {
        service: 'office365',
        address: 'taro@sample.example',
        providerAccount: {
          tenantId: SAMPLE_TENANT,
          accountId: story.world.microsoft.account('taro@sample.example').id,
        },
        accountChanged: false,
        keepsDetails: false,
      },
    });
    expect([...(body.items[0].data.grantedScopes as string[])].sort()).toEqual(['Mail.Read', 'Mail.Send', 'User.Read']);
  });

  it('knows an address by the mail field too, whatever its capitals', async () => {
    const misaki = await story.world.service.as({ userId: 'misaki', email: 'misaki@sample.example' });
    expect(await signIn(story.world, misaki, story.mailServerId, { as: 'misaki@sample.onmicrosoft.example' })).toBe(
      'ok',
    );
  });

  it('refuses another address, shows both, and stores nothing (R25)', async () => {
    const jiro = await story.world.service.as({ userId: 'jiro', email: 'jiro@sample.example' });
    expect(await signIn(story.world, jiro, story.mailServerId, { as: 'taro@sample.example' })).toBe('address_mismatch');
    const { state, problem } = await setting(jiro);
    expect(state).toBe('none');
    expect(problem).toMatchObject({ code: 'address_mismatch', fixableBy: 'user' });
    expect(problem.detail).toContain('taro@sample.example');
    expect(problem.detail).toContain('jiro@sample.example');
    expect((await refusals('jiro')).map(({ data }) => data)).toMatchObject([
      { code: 'address_mismatch', address: 'jiro@sample.example', consentedAddress: 'taro@sample.example' },
    ]);
  });

  it('forgets the refusal once the right account has consented', async () => {
    const jiro = await story.world.service.as({ userId: 'jiro', email: 'jiro@sample.example' });
    expect(await signIn(story.world, jiro, story.mailServerId, { as: 'jiro@sample.example' })).toBe('ok');
    expect(await setting(jiro)).toMatchObject({ state: 'authorized', problem: null });
  });

  it('names the permission that is missing, and stores nothing', async () => {
    const eve = await story.world.service.as({
      userId: 'eve',
      company: 'rival',
      email: 'taro@sample.example',
      roles: ['admin'],
    });
    const theirs = await registerOffice365(eve);
    story.world.microsoft.consent.withheld = ['Mail.Send'];
    try {
      expect(await signIn(story.world, eve, theirs, { as: 'taro@sample.example' })).toBe('permission_missing');
    } finally {
      story.world.microsoft.consent.withheld = [];
    }
    const { state, problem } = await setting(eve);
    expect([state, problem.code]).toEqual(['none', 'permission_missing']);
    expect(problem.detail).toContain('Mail.Send');
  });

  it.each([
    ['a plan without Exchange', 'apps@sample.example'],
    ['a personal account', 'taro@outlook.example'],
  ])('says which plans do not do, for %s (R08)', async (_name, email) => {
    const someone = await story.world.service.as({ userId: email, email });
    expect(await signIn(story.world, someone, story.mailServerId, { as: email })).toBe('mailbox_not_supported');
    const { state, problem } = await setting(someone);
    expect([state, problem.code]).toEqual(['none', 'mailbox_not_supported']);
    for (const plan of ['Microsoft 365 Personal', 'Office Home & Business', 'Office Personal', 'Microsoft 365 Apps']) {
      expect(problem.detail).toContain(plan);
    }
  });

  it('takes a no for a no, and keeps what was connected before', async () => {
    const before = await setting();
    expect(
      await signIn(story.world, story.user, story.mailServerId, { as: 'taro@sample.example', press: 'deny' }),
    ).toBe('consent_denied');
    const after = await setting();
    expect(after).toMatchObject({ state: before.state, service: 'office365', problem: { code: 'consent_denied' } });
  });

  it('believes a token at once whose key Microsoft has rolled', async () => {
    story.world.microsoft.keys.roll();
    expect(await signIn(story.world, story.user, story.mailServerId, { as: 'taro@sample.example' })).toBe('ok');
  });

  it('goes back to HRBC only: other origins are refused, credentials in the address too', async () => {
    for (const returnUrl of [
      'https://evil.example/',
      'javascript:alert(1)',
      'http://user@localhost:9/',
      '//evil.example',
      'x',
    ]) {
      const { status, body } = await story.user.post('/me/mail-setting/authorization', {
        mailServerId: story.mailServerId,
        returnUrl,
      });
      expect([status, body.code], returnUrl).toEqual([422, 'return_url_not_allowed']);
    }
    const own = await story.user.post('/me/mail-setting/authorization', { mailServerId: story.mailServerId });
    const { url } = await visit(story.world.microsoft, new TestBrowser(), own.body.authorizationUrl as string, {
      as: 'taro@sample.example',
    });
    expect(url.pathname).toBe('/');
  });

  it('begins nothing for a server that is set up with a password, or that is not there', async () => {
    const unknown = await story.user.post('/me/mail-setting/authorization', {
      mailServerId: 'nothing',
      returnUrl: RETURN_URL,
    });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'mail_server_unknown']);
    const other = { service: 'other', protocol: 'imap', security: 'none', host: '127.0.0.1', port: 1143 };
    const { body } = await story.auditor.post('/mail-servers', other);
    const wrong = await story.user.post('/me/mail-setting/authorization', { mailServerId: body.id as string });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'password_login_required']);
    const stranger = await story.world.service.as({ userId: 'x', company: 'another' });
    expect(
      (await stranger.post('/me/mail-setting/authorization', { mailServerId: story.mailServerId })).body.code,
    ).toBe('mail_server_unknown');
  });

  it('ends with a server that was deleted meanwhile', async () => {
    const boss = await story.world.service.as({
      userId: 'b',
      company: 'short',
      email: 'taro@sample.example',
      roles: ['admin'],
    });
    const theirs = await registerOffice365(boss);
    const url = await beginSignIn(boss, theirs);
    expect((await boss.delete(`/mail-servers/${theirs}`)).status).toBe(204);
    const { url: back } = await visit(story.world.microsoft, new TestBrowser(), url, { as: 'taro@sample.example' });
    expect(back.searchParams.get('result')).toBe('mail_server_gone');
  });

  it('signs in again without interrupting what is in use, and shows another account of the same address', async () => {
    await signIn(story.world, story.user, story.mailServerId, { as: 'taro@sample.example' });
    expect((await story.user.put('/me/mail-setting/details', { importSince: null, shareByDefault: true })).status).toBe(
      200,
    );
    expect(await signIn(story.world, story.user, story.mailServerId, { as: 'taro@sample.example' })).toBe('ok');
    expect(await setting()).toMatchObject({ state: 'in_use', shareByDefault: true });

    story.world.microsoft.directory.change('taro@sample.example', { id: 'bbbbbbbb-0000-4000-8000-999999999999' });
    expect(await signIn(story.world, story.user, story.mailServerId, { as: 'taro@sample.example' })).toBe('ok');
    expect(await setting()).toMatchObject({ state: 'authorized' });
    const { body } = await story.auditor.get('/audit/events?type=OAuthAccountConnected&userId=taro&limit=200');
    expect(body.items.at(-1).data).toMatchObject({
      accountChanged: true,
      keepsDetails: false,
      providerAccount: { accountId: 'bbbbbbbb-0000-4000-8000-999999999999' },
    });
  });

  it('leaves no token, code or secret in the log or on the record', async () => {
    const record = (await story.auditor.bytes('/audit/export?format=ndjson')).bytes.toString();
    expect(record).toContain('OAuthAccountConnected');
    expect(story.world.service.log).toContain('/oauth/office365/callback');
    for (const text of [story.world.service.log, record]) {
      expect(text).not.toMatch(/sim\.[A-Za-z0-9_-]{20}/);
      expect(text).not.toContain('0.code.');
      expect(text).not.toContain(HRBC_APP.clientSecret);
    }
  });
});
