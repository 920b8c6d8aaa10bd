import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { HoldingProxy } from '../support/holding-proxy.js';
import { TestService } from '../support/service.js';

const skipped = 'what happens while a mail server thinks (skipped where Dovecot is not installed)';
describe.skipIf(findDovecot() === null)(skipped, () => {
  let service: TestService;
  let dovecot: LocalDovecot;
  let way: HoldingProxy;
  let admin: ApiClient;
  let taro: ApiClient;
  let mailServerId: string;

  beforeAll(async () => {
    dovecot = await startLocalDovecot({ users: [{ name: 'taro', password: 'taro-secret' }] });
    service = await TestService.start({ LOG_LEVEL: 'info' });
    admin = await service.as({ userId: 'hanako', roles: ['admin'] });
    taro = await service.as({ userId: 'taro', email: 'taro@sample.example' });
  }, 60_000);
  afterAll(async () => {
    await service?.remove();
    await dovecot?.stop();
  });
  beforeEach(async () => {
    way = await HoldingProxy.start(dovecot.ports.imap);
    const server = { service: 'other', protocol: 'imap', security: 'none', host: '127.0.0.1', port: way.port };
    mailServerId = (await admin.post('/mail-servers', server)).body.id as string;
  });
  afterEach(async () => way.close());

  const connecting = (ifMatch?: string) => {
    const account = { mailServerId, accountName: 'taro', password: 'taro-secret' };
    return taro.put('/me/mail-setting/account', account, ifMatch ? { headers: { 'if-match': ifMatch } } : {});
  };

  it('lets nobody connect to a server that was deleted while the account was tried', async () => {
    const held = way.hold();
    const answer = connecting();
    await held;
    expect((await admin.delete(`/mail-servers/${mailServerId}?release=true`)).status).toBe(204);
    way.letThrough();
    expect((await answer).body).toMatchObject({ status: 422, code: 'mail_server_unknown' });
    expect((await taro.get('/me/mail-setting')).body).toMatchObject({ state: 'released', mailServerId: null });
  });

  it('lets the later of two changes that saw the same setting know that it came too late', async () => {
    await connecting();
    const seen = (await taro.get('/me/mail-setting')).headers.get('etag')!;
    const held = way.hold();
    const late = connecting(seen);
    await held;
    await taro.put('/me/mail-setting/details', { importSince: null, shareByDefault: true });
    way.letThrough();
    expect((await late).body).toMatchObject({ status: 412, code: 'precondition_failed' });
    expect((await taro.get('/me/mail-setting')).body).toMatchObject({ state: 'in_use' });
  });

  it('answers what is under way before it ends, and takes nothing new', async () => {
    const held = way.hold();
    const answer = connecting();
    await held;
    const stopped = service.stop();
    const refused = async () =>
      taro.get('/me/mail-setting').then(
        () => false,
        () => true,
      );
    await eventually(refused, (isRefused) => isRefused);
    way.letThrough();
    expect((await answer).status).toBe(200);
    await stopped;
    await service.run();
    expect((await taro.get('/me/mail-setting')).body).toMatchObject({ mailServerId });
  });

  it('writes no error for a start or an end that went well', () => {
    const errors = service.log.split('\n').filter((line) => /"level":(50|60)|ERROR/.test(line));
    expect(errors).toEqual([]);
  });
});
