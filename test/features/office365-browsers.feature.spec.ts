import { TestBrowser } from '@libs/provider-simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import {
  beginSignIn,
  registerOffice365,
  type ServiceWithMicrosoft,
  signIn,
  startWithMicrosoft,
} from '../support/microsoft-steps.js';

const admin = { userId: 'hanako', roles: ['admin', 'auditor'] } as const;
const taro = { userId: 'taro', email: 'taro@sample.example', name: '営業 太郎' };

describe('a sign-in at Microsoft belongs to one browser and one moment', () => {
  let world: ServiceWithMicrosoft;
  let mailServerId: string;
  let user: ApiClient;
  let auditor: ApiClient;

  beforeAll(async () => {
    world = await startWithMicrosoft({ LOG_LEVEL: 'trace' });
    auditor = await world.service.as(admin);
    mailServerId = await registerOffice365(auditor);
    user = await world.service.as(taro);
  });
  afterAll(() => world?.stop());

  const setting = async (of = user) => (await of.get('/me/mail-setting')).body;

  it('is good once: neither the ticket nor the state works a second time', async () => {
    const browser = new TestBrowser();
    const authorizationUrl = await beginSignIn(user, mailServerId);
    let callback = '';
    const page = await browser.open(authorizationUrl);
    const account = world.microsoft.account('taro@sample.example');
    await browser.decide(page, { account, decision: 'accept' }, (url) => {
      if (url.pathname.endsWith('/callback')) callback = url.href;
      return url.pathname.endsWith('/callback');
    });
    const first = await browser.open(callback, (url) => url.href.startsWith('http://localhost:9/'));
    expect(first.url.searchParams.get('result')).toBe('ok');
    const replayed = await browser.open(callback, (url) => url.searchParams.has('result'));
    expect(replayed.url.searchParams.get('result')).toBe('authorization_expired');
    const again = await new TestBrowser().open(authorizationUrl, (url) => url.searchParams.has('result'));
    expect(again.url.searchParams.get('result')).toBe('authorization_expired');
    expect(`${again.url.origin}${again.url.pathname}`).toBe('http://localhost:9/settings');
  });

  it('is refused in another browser, and still good in its own', async () => {
    const [own, other] = [new TestBrowser(), new TestBrowser()];
    const page = await own.open(await beginSignIn(user, mailServerId));
    const account = world.microsoft.account('taro@sample.example');
    const atCallback = (url: URL): boolean => url.pathname.endsWith('/callback');
    const { url } = await own.decide(page, { account, decision: 'accept' }, atCallback);
    const isDone = (at: URL): boolean => at.searchParams.has('result');
    // The other one has a cookie of its own, from a sign-in of its own.
    await other.open(
      await beginSignIn(await world.service.as({ userId: 'jiro', email: 'jiro@sample.example' }), mailServerId),
    );
    const stolen = await other.open(url.href, isDone);
    expect(stolen.url.searchParams.get('result')).toBe('authorization_expired');
    expect((await own.open(url.href, isDone)).url.searchParams.get('result')).toBe('ok');
  });

  it('is refused with a state that nobody was given, and with an answer that has none', async () => {
    const base = world.service.url;
    for (const query of ['?code=abc&state=0123456789abcdef0123456789abcdef', '?code=abc', '', '?error=access_denied']) {
      const arrival = await new TestBrowser().open(`${base}/oauth/office365/callback${query}`, (at) =>
        at.searchParams.has('result'),
      );
      expect(arrival.url.searchParams.get('result')).toBe('authorization_expired');
      expect(arrival.url.pathname).toBe('/');
    }
    // That is where whoever gave no returnUrl comes back to: a page for a person.
    const front = await fetch(`${base}/?result=authorization_expired`);
    expect(front.status).toBe(200);
    expect(await front.text()).toContain('ログインの手続きが期限切れです');
    expect((await fetch(`${base}/oauth/nobody/start?ticket=x`)).status).toBe(404);
  });

  it('keeps two sign-ins in one browser apart', async () => {
    const browser = new TestBrowser();
    const [a, b] = [await beginSignIn(user, mailServerId), await beginSignIn(user, mailServerId)];
    const account = world.microsoft.account('taro@sample.example');
    const [pageA, pageB] = [await browser.open(a), await browser.open(b)];
    const isDone = (at: URL): boolean => at.searchParams.has('result');
    for (const page of [pageA, pageB]) {
      const { url } = await browser.decide(page, { account, decision: 'accept' }, isDone);
      expect(url.searchParams.get('result')).toBe('ok');
    }
  });

  it('mixes up no two of many people who sign in at once', async () => {
    const people = ['taro@sample.example', 'jiro@sample.example', 'misaki@sample.example'];
    const results = await Promise.all(
      Array.from({ length: 24 }, async (_, n) => {
        const email = people[n % 3]!;
        const someone = await world.service.as({ userId: `many-${n}`, email });
        const as = email.startsWith('misaki') ? 'misaki@sample.onmicrosoft.example' : email;
        return signIn(world, someone, mailServerId, { as: n % 4 === 0 ? 'apps@sample.example' : as });
      }),
    );
    expect(results).toEqual(Array.from({ length: 24 }, (_, n) => (n % 4 === 0 ? 'address_mismatch' : 'ok')));
  });

  it('lets every one of many consents of one person through that come back at the same moment', async () => {
    const busy = await world.service.as({ userId: 'busy', email: 'jiro@sample.example' });
    const results = await Promise.all(
      Array.from({ length: 6 }, async () => signIn(world, busy, mailServerId, { as: 'jiro@sample.example' })),
    );
    expect(results).toEqual(results.map(() => 'ok'));
    expect((await busy.put('/me/mail-setting/details', { importSince: null, shareByDefault: false })).status).toBe(200);
    await eventually(
      async () => setting(busy),
      ({ lastCheckedAt }) => lastCheckedAt !== null,
    );
    expect(await setting(busy)).toMatchObject({ state: 'in_use', problem: null });
  });
});
