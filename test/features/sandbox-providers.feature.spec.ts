import { TestBrowser } from '@libs/provider-simulators';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { registerGmail, signIn } from '../support/google-steps.js';
import { allMails, importCompleted, saveDetails } from '../support/mailbox-steps.js';
import { registerOffice365 } from '../support/microsoft-steps.js';
import { TestService } from '../support/service.js';

const taro = { userId: 'taro', email: 'taro@sample.example' };
const misaki = { userId: 'misaki', email: 'misaki@sample.example' };

describe('the simulated providers of the sandbox', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start();
    const authority = join(service.dataDirectory, 'simulators', 'simulators-ca.pem');
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), await readFile(authority, 'utf8')]);
  });
  afterAll(async () => service?.remove());

  it('tell at the start where they are, and what to do', () => {
    expect(service.log).toMatch(/Microsoft +https:\/\/localhost:\d+ \(simulated\)/);
    expect(service.log).toMatch(/Google +https:\/\/localhost:\d+ \(simulated\)/);
    expect(service.log).toContain('/sandbox/signed-in');
  });

  it('let Gmail be connected with the sample app, and hold sample mail', async () => {
    const { body: samples } = await service.with(null).get('/sandbox');
    const { clientId, clientSecret } = samples.google;
    const admin = await service.as({ userId: 'hanako', roles: ['admin'] });
    const gmail = await registerGmail(admin, { clientId, clientSecret });
    const user = await service.as(taro);
    expect(await signIn(user, gmail, { as: taro.email })).toBe('ok');
    await saveDetails(user, '2020-01-01', true);
    expect(await importCompleted(user)).toMatchObject({ imported: 4, quarantined: 0 });
  });

  it('let Office365 be connected by a click on a name, with a page to come back to', async () => {
    const office365 = await registerOffice365(await service.as({ userId: 'hanako', roles: ['admin'] }));
    const user = await service.as(misaki);
    const returnUrl = `${service.url.replace('127.0.0.1', 'localhost')}/sandbox/signed-in`;
    const { body } = await user.post('/me/mail-setting/authorization', { mailServerId: office365, returnUrl });
    const browser = new TestBrowser();
    const page = await browser.open(body.authorizationUrl as string);
    const id = /value="([^"]+)"[^>]*>[^<]*<small>misaki@sample\.example/.exec(page.body)?.[1] ?? 'nobody';
    const back = await browser.decide(page, { account: { id }, decision: 'accept' }, () => false);
    expect([back.status, back.body]).toEqual([200, expect.stringContaining('ログインできました')]);
    await saveDetails(user, '2020-01-01', true);
    expect(await importCompleted(user)).toMatchObject({ imported: 4, quarantined: 0 });
  });

  it('are the same after the next start: nobody has to sign in again, and nothing comes twice', async () => {
    const addresses = async () => (await service.with(null).get('/sandbox')).body;
    const before = await addresses();
    await service.stop();
    await service.run();
    expect(await addresses()).toMatchObject({ google: before.google, office365: before.office365 });
    for (const person of [taro, misaki]) {
      const user = await service.as(person);
      const { lastCheckedAt } = (await user.get('/me/mail-setting')).body;
      const { body } = await eventually(
        () => user.get('/me/mail-setting'),
        (answer) => answer.body.lastCheckedAt > lastCheckedAt,
      );
      expect(body).toMatchObject({ state: 'in_use', problem: null });
      expect(await allMails(user)).toHaveLength(4);
    }
  });
});
