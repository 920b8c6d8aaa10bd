import { findDovecot, type LocalDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { generatedMail } from '../support/generated-mails.js';
import { connectAccount, importCompleted, registerImapServer, saveDetails } from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';
import { secretsInVault } from '../support/stored-documents.js';

const server = { service: 'other', name: '本社', protocol: 'imap', security: 'ssl', host: '127.0.0.1', port: 9930 };

describe('グローバルメール設定', () => {
  let service: TestService;
  let admin: ApiClient;
  beforeAll(async () => {
    service = await TestService.start();
    admin = await service.as({ userId: 'hanako', roles: ['admin', 'auditor'] });
  });
  afterAll(async () => service?.remove());

  it('registers, lists, changes and deletes a mail server (R15)', async () => {
    const created = await admin.post('/mail-servers', server);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ ...server, inUseBy: 0 });
    const path = created.headers.get('location')!.replace('/api/v1', '');
    expect((await admin.get(path)).body).toEqual(created.body);

    const changed = await admin.put(path, { ...server, port: 9931 });
    expect(changed.body).toEqual({ ...created.body, port: 9931 });
    expect((await admin.get('/mail-servers')).body).toEqual({ items: [changed.body], next: null });

    expect((await admin.delete(path)).status).toBe(204);
    expect((await admin.get(path)).body.code).toBe('mail_server_not_found');
    expect((await admin.get('/mail-servers')).body.items).toEqual([]);
    expect((await admin.delete(path)).body.code).toBe('mail_server_not_found');
  });

  it('takes the same server once, also when many ask at the same moment, and again after its deletion', async () => {
    const tries = await Promise.all(Array.from({ length: 8 }, () => admin.post('/mail-servers', server)));
    expect(tries.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const id = tries.find(({ status }) => status === 201)!.body.id as string;
    for (const { body } of tries.filter(({ status }) => status === 409)) {
      expect(body).toMatchObject({ code: 'mail_server_exists', mailServerId: id });
    }
    expect((await admin.post('/mail-servers', { ...server, protocol: 'pop3' })).status).toBe(201);
    expect((await admin.delete(`/mail-servers/${id}`)).status).toBe(204);
    expect((await admin.post('/mail-servers', server)).status).toBe(201);
  });

  it.each(['127.0.0.1', '127.1', '2130706433', '１２７.０.０.１', '[::ffff:127.0.0.1]', '0x7f.0.0.1'])(
    'knows the same server however its host is spelled: %s',
    async (host) => {
      const spelled = await service.as({
        userId: 'a',
        company: `spelled-${host.length}-${host.at(-1)!}`,
        roles: ['admin'],
      });
      const { body } = await spelled.post('/mail-servers', { ...server, host });
      expect(body.host).toBe('127.0.0.1');
      const again = await spelled.post('/mail-servers', { ...server, host: '127.0.0.1' });
      expect(again.body).toMatchObject({ code: 'mail_server_exists', mailServerId: body.id });
    },
  );

  it('keeps a server the kind of service it is, whatever else there is (R15)', async () => {
    await admin.post('/mail-servers', { service: 'office365' });
    const { body } = await admin.post('/mail-servers', { ...server, port: 9945 });
    const changed = await admin.put(`/mail-servers/${body.id as string}`, { service: 'office365' });
    expect(changed.body).toMatchObject({ status: 422, code: 'mail_service_fixed' });
  });

  it('finds nothing to change where there is nothing, and no tag that matches it', async () => {
    const tagged = { headers: { 'if-match': '*' } };
    expect((await admin.put('/mail-servers/nowhere', server, tagged)).body.code).toBe('mail_server_not_found');
    const jiro = await service.as({ userId: 'jiro' });
    const details = { importSince: null, shareByDefault: true };
    expect((await jiro.put('/me/mail-setting/details', details, tagged)).body.code).toBe('precondition_failed');
  });

  it('lets go of an endpoint that a server was moved away from', async () => {
    const { body } = await admin.post('/mail-servers', { ...server, port: 9940 });
    expect((await admin.put(`/mail-servers/${body.id as string}`, { ...server, port: 9941 })).status).toBe(200);
    expect((await admin.post('/mail-servers', { ...server, port: 9941 })).body.code).toBe('mail_server_exists');
    expect((await admin.post('/mail-servers', { ...server, port: 9940 })).status).toBe(201);
  });

  it('changes only what the caller has seen (If-Match)', async () => {
    const created = await admin.post('/mail-servers', { ...server, port: 9950 });
    const path = `/mail-servers/${created.body.id as string}`;
    const seen = { headers: { 'if-match': created.headers.get('etag')! } };
    const changed = await admin.put(path, { ...server, port: 9951 }, seen);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(created.headers.get('etag'));
    expect((await admin.put(path, { ...server, port: 9952 }, seen)).body).toMatchObject({
      status: 412,
      code: 'precondition_failed',
    });
    expect((await admin.delete(path, seen)).status).toBe(412);
    expect((await admin.get(path)).body.port).toBe(9951);
  });

  it('does a request once, however often it comes with the same Idempotency-Key', async () => {
    const key = { headers: { 'idempotency-key': 'first-click' } };
    const body = { ...server, port: 9960 };
    const first = await admin.post('/mail-servers', body, key);
    const second = await admin.post('/mail-servers', body, key);
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect((await admin.post('/mail-servers', { ...body, port: 9961 }, key)).body).toMatchObject({
      status: 422,
      code: 'idempotency_key_reused',
    });
  });

  it('names the addresses that a firewall has to let in (R20)', async () => {
    const { body } = await (await service.as({ userId: 'taro' })).get('/egress-addresses');
    expect(body.addresses).toEqual(['52.69.227.39', '3.114.155.87', '3.114.148.79']);
  });

  it('wants the Google API setting before Gmail (R16)', async () => {
    expect((await admin.post('/mail-servers', { service: 'gmail' })).body).toMatchObject({
      status: 409,
      code: 'google_api_setting_missing',
    });
  });

  it('pages through many servers while new ones come in', async () => {
    const rival = await service.as({ userId: 'a', company: 'many', roles: ['admin'] });
    for (let n = 0; n < 12; n++) await rival.post('/mail-servers', { ...server, port: 10_100 + n });
    const first = await rival.get('/mail-servers?limit=5');
    await rival.post('/mail-servers', { ...server, port: 10_200 });
    const ports: number[] = first.body.items.map(({ port }: { port: number }) => port);
    for (let { next } = first.body; next !== null;) {
      const { body } = await rival.get(`/mail-servers?limit=5&after=${encodeURIComponent(next as string)}`);
      ports.push(...body.items.map(({ port }: { port: number }) => port));
      next = body.next;
    }
    expect(ports).toEqual([...Array.from({ length: 12 }, (_, n) => 10_100 + n), 10_200]);
  });
});

describe.skipIf(findDovecot() === null)('a server in use (skipped where Dovecot is not installed)', () => {
  let service: TestService;
  let dovecot: LocalDovecot;
  let admin: ApiClient;
  let taro: ApiClient;
  let misaki: ApiClient;
  let mailServerId: string;

  beforeAll(async () => {
    const users = ['taro', 'misaki'].map((name) => ({ name, password: `${name}-secret` }));
    dovecot = await startLocalDovecot({ users });
    for (let n = 0; n < 50; n++) {
      const { source, internalDate } = generatedMail(n, new Date(Date.UTC(2026, 10, 2, 0, n)));
      dovecot.deliver('taro', source, { internalDate });
    }
    service = await TestService.start();
    admin = await service.as({ userId: 'hanako', roles: ['admin', 'auditor'] });
    taro = await service.as({ userId: 'taro', email: 'taro@sample.example' });
    misaki = await service.as({ userId: 'misaki', email: 'misaki@sample.example' });
    mailServerId = await registerImapServer(admin, dovecot);
    await connectAccount(taro, mailServerId, 'taro', 'taro-secret');
    await connectAccount(misaki, mailServerId, 'misaki', 'misaki-secret');
    await saveDetails(misaki, null, false);
  }, 60_000);
  afterAll(async () => {
    await service?.remove();
    await dovecot?.stop();
  });

  it('refuses a wrong password, a name that is not the own one, and an unknown server, and keeps nothing', async () => {
    const jiro = await service.as({ userId: 'jiro', email: 'taro@sample.example' });
    const account = { mailServerId, accountName: 'taro', password: 'wrong' };
    expect((await jiro.put('/me/mail-setting/account', account)).body).toMatchObject({
      status: 422,
      code: 'login_failed',
      step: 'login',
    });
    const foreign = { ...account, accountName: 'misaki', password: 'misaki-secret' };
    expect((await jiro.put('/me/mail-setting/account', foreign)).body.code).toBe('account_name_not_allowed');
    const unknown = { ...account, mailServerId: 'nowhere' };
    expect((await jiro.put('/me/mail-setting/account', unknown)).body.code).toBe('mail_server_unknown');
    expect((await jiro.get('/me/mail-setting')).body.state).toBe('none');
    const details = { importSince: null, shareByDefault: true };
    expect((await jiro.put('/me/mail-setting/details', details)).body.code).toBe('mail_setting_not_connected');
  });

  it('says which step failed when the server is not there', async () => {
    const gone = await admin.post('/mail-servers', { ...server, security: 'none', port: 20_001 });
    const account = { mailServerId: gone.body.id, accountName: 'taro', password: 'taro-secret' };
    const { body } = await taro.put('/me/mail-setting/account', account);
    expect(body).toMatchObject({ status: 422, code: 'server_unreachable', step: 'connect' });
    expect((await taro.get('/me/mail-setting')).body).toMatchObject({ state: 'authorized', mailServerId });
  });

  it('tells the import as it goes, and ends when it has ended', async () => {
    await saveDetails(taro, '2026-11-01', true);
    const { status, headers, body } = await taro.get<string>('/me/mail-setting/import/stream');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/event-stream');
    const told = body
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)));
    expect(told.at(-1)).toMatchObject({ state: 'completed', since: '2026-11-01', found: 50, imported: 50 });
    expect(await importCompleted(taro)).toMatchObject({ found: 50, imported: 50 });
  });

  it('recommends not to share to executives (R32)', async () => {
    const boss = await service.as({ userId: 'boss', email: 'boss@sample.example', position: 'executive' });
    expect((await boss.get('/me/mail-setting')).body.recommendedShareByDefault).toBe(false);
  });

  it('is not deleted in passing, and with release takes settings and passwords along while the mail stays (R14)', async () => {
    const path = `/mail-servers/${mailServerId}`;
    expect((await admin.get(path)).body.inUseBy).toBe(2);
    expect((await admin.delete(path)).body).toMatchObject({ status: 409, code: 'mail_server_in_use', inUseBy: 2 });
    expect(await secretsInVault(service)).toHaveLength(2);
    expect((await admin.delete(`${path}?release=true`)).status).toBe(204);
    expect(await secretsInVault(service)).toEqual([]);
    for (const user of [taro, misaki]) {
      expect((await user.get('/me/mail-setting')).body).toMatchObject({ state: 'released', accountName: null });
    }
    expect((await taro.get('/inbox/messages?limit=200')).body.items).toHaveLength(50);
    const { body } = await admin.get('/audit/events?type=MailSettingReleased');
    expect(body.items).toHaveLength(2);
    expect(body.items[0]).toMatchObject({
      actor: { kind: 'user', userId: 'hanako' },
      data: { cause: 'mail_server_deleted' },
    });
  });
});
