import { TestBrowser } from '@libs/provider-simulators';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { beginSignIn, signIn, signInStory } from '../support/microsoft-steps.js';

describe('a sign-in at Microsoft belongs to one browser and one moment', () => {
  const story = signInStory();

  const setting = async (of = story.user) => (await of.get('/me/mail-setting')).body;

  it('is good once: neither the ticket nor the state works a second time', async () => {
    const browser = new TestBrowser();
    const authorizationUrl = await beginSignIn(story.user, story.mailServerId);
    let callback = '';
    const page = await browser.open(authorizationUrl);
    const account = story.world.microsoft.account('taro@sample.example');
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
    const page = await own.open(await beginSignIn(story.user, story.mailServerId));
    const account = story.world.microsoft.account('taro@sample.example');
    const atCallback = (url: URL): boolean => url.pathname.endsWith('/callback');
    const { url } = await own.decide(page, { account, decision: 'accept' }, atCallback);
    const isDone = (at: URL): boolean => at.searchParams.has('result');
    // The other one has a cookie of its own, from a sign-in of its own.
    await other.open(
      await beginSignIn(
        await story.world.service.as({ userId: 'jiro', email: 'jiro@sample.example' }),
        story.mailServerId,
      ),
    );
    const stolen = await other.open(url.href, isDone);
    expect(stolen.url.searchParams.get('result')).toBe('authorization_expired');
    expect((await own.open(url.href, isDone)).url.searchParams.get('result')).toBe('ok');
  });

  it('is refused with a state that nobody was given, and with an answer that has none', async () => {
    const base = story.world.service.url;
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
    const [a, b] = [
      await beginSignIn(story.user, story.mailServerId),
      await beginSignIn(story.user, story.mailServerId),
    ];
    const account = story.world.microsoft.account('taro@sample.example');
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
        const someone = await story.world.service.as({ userId: `many-${n}`, email });
        const as = email.startsWith('misaki') ? 'misaki@sample.onmicrosoft.example' : email;
        return signIn(story.world, someone, story.mailServerId, { as: n % 4 === 0 ? 'apps@sample.example' : as });
      }),
    );
    expect(results).toEqual(Array.from({ length: 24 }, (_, n) => (n % 4 === 0 ? 'address_mismatch' : 'ok')));
  });

  it('lets every one of many consents of one person through that come back at the same moment', async () => {
    const busy = await story.world.service.as({ userId: 'busy', email: 'jiro@sample.example' });
    const results = await Promise.all(
      Array.from({ length: 6 }, async () =>
        signIn(story.world, busy, story.mailServerId, { as: 'jiro@sample.example' }),
      ),
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
