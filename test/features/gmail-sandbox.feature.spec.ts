import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { registerGmail, signIn } from '../support/google-steps.js';
import { allMails, importCompleted, saveDetails } from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';

const taro = { userId: 'taro', email: 'taro@sample.example' };

describe('Gmail in the sandbox', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await TestService.start();
    const authority = join(service.dataDirectory, 'simulators', 'simulators-ca.pem');
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), await readFile(authority, 'utf8')]);
  });
  afterAll(async () => service?.remove());

  it('can be connected with the sample app, and holds sample mail', async () => {
    const { body: samples } = await service.with(null).get('/sandbox');
    const { clientId, clientSecret } = samples.google;
    const admin = await service.as({ userId: 'hanako', roles: ['admin'] });
    const gmail = await registerGmail(admin, { clientId, clientSecret });
    const user = await service.as(taro);
    expect(await signIn(user, gmail, { as: taro.email })).toBe('ok');
    await saveDetails(user, '2020-01-01', true);
    expect(await importCompleted(user)).toMatchObject({ imported: 4, quarantined: 0 });
  });

  it('is the same after the next start: nobody has to sign in again, and nothing comes twice', async () => {
    await service.stop();
    await service.run();
    const user = await service.as(taro);
    const { lastCheckedAt } = (await user.get('/me/mail-setting')).body;
    const { body } = await eventually(
      () => user.get('/me/mail-setting'),
      (answer) => answer.body.lastCheckedAt > lastCheckedAt,
    );
    expect(body).toMatchObject({ state: 'in_use', problem: null });
    expect(await allMails(user)).toHaveLength(4);
  });
});
