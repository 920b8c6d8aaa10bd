import { findDovecot, startLocalDovecot } from '@libs/local-dovecot';
import { importJWK, type JWK, SignJWT } from 'jose';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
import { connectAccount, registerImapServer, saveDetails } from '../support/mailbox-steps.js';
import { TestService } from '../support/service.js';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What somebody who knows everything about the tokens but the private key can make. */
function forged(algorithm: 'none' | 'HS256', claims: object, publicKey: string): string {
  const content = `${base64url({ alg: algorithm, kid: 'sandbox', typ: 'JWT' })}.${base64url(claims)}`;
  const signature = algorithm === 'none' ? '' : createHmac('sha256', publicKey).update(content).digest('base64url');
  return `${content}.${signature}`;
}

describe('who may ask', () => {
  let service: TestService;
  let claims: Record<string, unknown>;

  beforeAll(async () => {
    service = await TestService.start();
    const { body } = await service.with(null).post('/sandbox/tokens', { userId: 'hanako' });
    claims = JSON.parse(Buffer.from(body.token.split('.')[1] as string, 'base64url').toString()) as typeof claims;
  });
  afterAll(async () => service?.remove());

  const refused = async (client: ApiClient): Promise<void> => {
    const { status, body, headers } = await client.get('/mail-servers');
    expect({ status, code: body.code }).toEqual({ status: 401, code: expect.stringMatching(/^token_|^unauth/) });
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(headers.get('content-type')).toContain('application/problem+json');
  };

  it('nobody without a token', () => refused(service.with(null)));
  it('nobody with nonsense', () => refused(service.with('nonsense')));

  it('nobody with an expired token', async () => {
    const { body } = await service.with(null).post('/sandbox/tokens', { userId: 'hanako', lifetimeSeconds: -60 });
    await refused(service.with(body.token as string));
  });

  it('nobody with a token without signature', async () => refused(service.with(forged('none', claims, ''))));

  it('nobody with a token signed by HMAC with the public key', async () => {
    const jwks = await service.with(null).get('/sandbox/jwks.json');
    for (const key of [JSON.stringify(jwks.body), JSON.stringify(jwks.body.keys[0]), jwks.body.keys[0].x as string]) {
      await refused(service.with(forged('HS256', claims, key)));
    }
  });

  it('nobody with a token for another audience, or of another issuer, though the right key has signed it', async () => {
    const file = await readFile(join(service.dataDirectory, 'sandbox-signing-key.json'), 'utf8');
    const key = await importJWK(JSON.parse(file) as JWK, 'EdDSA');
    const signedWith = async (changed: Record<string, unknown>): Promise<ApiClient> => {
      const token = new SignJWT({ ...claims, ...changed }).setProtectedHeader({ alg: 'EdDSA', kid: 'sandbox' });
      return service.with(await token.sign(key));
    };
    expect((await (await signedWith({})).get('/mail-servers')).status).toBe(200);
    await refused(await signedWith({ aud: 'elsewhere' }));
    await refused(await signedWith({ iss: 'https://elsewhere.example' }));
  });

  it('only admins for the company settings, only auditors for the audit trail', async () => {
    const user = await service.as({ userId: 'taro' });
    const calls = [
      user.post('/mail-servers', { service: 'office365' }),
      user.put('/mail-servers/x', { service: 'office365' }),
      user.delete('/mail-servers/x'),
      user.post('/mail-servers/diagnosis', { protocol: 'imap', security: 'ssl', host: 'a.example', port: 993 }),
      user.get('/audit/events'),
    ];
    for (const { status, body } of await Promise.all(calls)) {
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'role_missing' });
    }
    expect((await user.get('/mail-servers')).status).toBe(200);
  });

  it('nobody of another company, for whom nothing exists', async () => {
    const admin = await service.as({ userId: 'hanako', roles: ['admin'] });
    const rival = await service.as({ userId: 'hanako', company: 'rival', roles: ['admin', 'auditor'] });
    const { body } = await admin.post('/mail-servers', { service: 'office365' });
    const path = `/mail-servers/${body.id as string}`;
    for (const call of [rival.get(path), rival.put(path, { service: 'office365' }), rival.delete(path)]) {
      expect((await call).body).toMatchObject({ status: 404, code: 'mail_server_not_found' });
    }
    expect((await rival.get('/mail-servers')).body.items).toEqual([]);
    expect((await rival.get('/audit/events')).body.items).toEqual([]);
    expect((await rival.post('/mail-servers', { service: 'office365' })).status).toBe(201);
    expect((await admin.get(path)).body.service).toBe('office365');
  });

  it('companies whose names look alike stay apart', async () => {
    const one = await service.as({ userId: 'b_c', company: 'a', roles: ['admin', 'auditor'] });
    const other = await service.as({ userId: 'c', company: 'a_b', roles: ['admin', 'auditor'] });
    await one.post('/mail-servers', { service: 'office365' });
    expect((await other.get('/mail-servers')).body.items).toEqual([]);
    expect((await other.get('/audit/events')).body.items).toEqual([]);
  });

  it.skipIf(findDovecot() === null)(
    'an admin for the own mail setting only: nobody else can be named, and nothing of others changes (R23; skipped where Dovecot is not installed)',
    async () => {
      const people = ['admin', 'taro', 'jiro'] as const;
      const dovecot = await startLocalDovecot({ users: people.map((name) => ({ name, password: `${name}-secret` })) });
      onTestFinished(() => dovecot.stop());
      const of = (userId: string, roles: readonly ('admin' | 'auditor')[] = []) =>
        service.as({ userId, company: 'one-each', email: `${userId}@sample.example`, roles });
      const [admin, taro, jiro] = [await of('admin', ['admin', 'auditor']), await of('taro'), await of('jiro')];
      const mailServerId = await registerImapServer(admin, dovecot);
      await connectAccount(taro, mailServerId, 'taro', 'taro-secret');
      await saveDetails(taro, null, false);
      const others = async () =>
        Promise.all([taro, jiro].map(async (user) => settledPart((await user.get('/me/mail-setting')).body)));
      const before = await others();
      expect(before).toMatchObject([{ state: 'in_use', accountName: 'taro' }, { state: 'none' }]);

      const account = { mailServerId, accountName: 'jiro', password: 'jiro-secret' };
      const details = { importSince: null, shareByDefault: true };
      for (const userId of ['taro', 'jiro']) {
        const named = [
          admin.put('/me/mail-setting/account', { ...account, userId }),
          admin.put('/me/mail-setting/details', { ...details, userId }),
          admin.post('/me/mail-setting/authorization', { mailServerId, userId }),
        ];
        for (const { body } of await Promise.all(named)) {
          expect(body).toMatchObject({ status: 422, errors: [{ field: 'userId', code: 'unknown_field' }] });
        }
      }
      // The account has to be the caller's, too (R34), so that not even an own setting reaches another's mailbox.
      expect((await admin.put('/me/mail-setting/account', account)).body.code).toBe('account_name_not_allowed');
      for (const userId of ['taro', 'jiro']) {
        const query = `?userId=${userId}`;
        const own = { ...account, accountName: 'admin', password: 'admin-secret' };
        expect((await admin.put(`/me/mail-setting/account${query}`, own)).body.accountName).toBe('admin');
        expect((await admin.put(`/me/mail-setting/details${query}`, details)).body.state).toBe('in_use');
        expect((await admin.delete(`/me/mail-setting${query}`)).status).toBe(204);
      }
      expect(await others()).toEqual(before);
      const { items } = (await admin.get('/audit/events?actor=admin&limit=200')).body;
      const settings = (items as { data: { userId?: string } }[]).flatMap(({ data }) => data.userId ?? []);
      expect([...new Set(settings)]).toEqual(['admin']);
    },
  );
});

/** Of a setting everything but what looking into the mailbox changes. */
function settledPart({
  state,
  mailServerId,
  accountName,
  importSince,
  shareByDefault,
}: Record<string, unknown>): object {
  return { state, mailServerId, accountName, importSince, shareByDefault };
}
