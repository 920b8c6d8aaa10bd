import { importJWK, type JWK, SignJWT } from 'jose';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient } from '../support/api-client.js';
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
});
