import { Controller, Get, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { type CommandMetadata } from '@libs/eventsourcing';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigModule, loadConfig } from '../../config/index.js';
import { ProblemFilter } from '../../http/problems/problem.filter.js';
import { AuthGuard, type Caller, CurrentCaller, Metadata, Public, Roles, TokenVerifier } from './index.js';

const ISSUER = 'https://hrbc.example';
const AUDIENCE = 'hrbc-mail';

const alice = {
  sub: 'alice',
  company: 'acme',
  email: 'alice@acme.example',
  additional_address_1: 'sales@acme.example',
  name: '佐藤 有栖',
  roles: ['admin'],
  position: 'executive',
};

@Controller()
class Routes {
  @Get('me')
  me(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }

  @Get('metadata')
  metadata(@Metadata() metadata: CommandMetadata): CommandMetadata {
    return metadata;
  }

  @Get('audit')
  @Roles('auditor')
  audit(): string {
    return 'for auditors';
  }

  @Get('open')
  @Public()
  open(): string {
    return 'for everybody';
  }
}

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

describe('the guard of all routes', () => {
  const algorithms = ['RS256', 'ES256', 'EdDSA'] as const;
  const keys = new Map<string, KeyPair>();
  let stranger: KeyPair;
  let jwksServer: Server;
  let jwks: { status: number; body: string };
  let app: NestExpressApplication;

  async function start(jwksUrl: string): Promise<NestExpressApplication> {
    const config = loadConfig({
      SANDBOX: 'true',
      AUTH_JWKS_URL: jwksUrl,
      AUTH_ISSUER: ISSUER,
      AUTH_AUDIENCE: AUDIENCE,
    });
    @Module({
      imports: [ConfigModule.forRoot(config)],
      controllers: [Routes],
      providers: [
        TokenVerifier,
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    })
    class RoutesModule {}
    const module = await Test.createTestingModule({ imports: [RoutesModule] }).compile();
    const started = module.createNestApplication<NestExpressApplication>({ logger: false });
    await started.init();
    return started;
  }

  beforeAll(async () => {
    for (const algorithm of algorithms) keys.set(algorithm, await generateKeyPair(algorithm, { extractable: true }));
    stranger = await generateKeyPair('RS256');
    const published = await Promise.all(
      [...keys].map(async ([alg, { publicKey }]) => ({ ...(await exportJWK(publicKey)), kid: alg, alg, use: 'sig' })),
    );
    // One key leaves its use open, as some issuers do (RFC 7517, 4.4): then nothing but our own list says RS512 is not taken.
    const { alg: _alg, ...open } = published[0]!;
    const keySet = [...published, { ...open, kid: 'open' }];
    jwks = { status: 200, body: JSON.stringify({ keys: keySet }) };
    jwksServer = createServer((_request, response) => response.writeHead(jwks.status).end(jwks.body));
    await new Promise<void>((resolve) => jwksServer.listen(0, '127.0.0.1', resolve));
    app = await start(`http://127.0.0.1:${(jwksServer.address() as AddressInfo).port}/keys`);
  });
  afterAll(async () => {
    await app.close();
    await new Promise((resolve) => jwksServer.close(resolve));
  });

  interface Signing {
    readonly alg?: string;
    readonly issuer?: string;
    readonly audience?: string;
    readonly exp?: string;
  }
  function token(
    claims: JWTPayload,
    { alg = 'RS256', issuer = ISSUER, audience = AUDIENCE, exp = '5m' }: Signing = {},
  ) {
    return new SignJWT(claims)
      .setProtectedHeader({ alg, kid: alg, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(exp)
      .sign(keys.get(alg)!.privateKey);
  }
  const ask = (path: string, authorization?: string, on = app) => {
    const asked = request(on.getHttpServer()).get(path);
    return authorization === undefined ? asked : asked.set('Authorization', authorization);
  };
  const askAs = async (path: string, signed: string | Promise<string>) => ask(path, `Bearer ${await signed}`);

  it.each(algorithms)('lets in who is signed for with %s, and says who it is', async (alg) => {
    const answer = await askAs('/me', token(alice, { alg }));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      company: 'acme',
      userId: 'alice',
      email: 'alice@acme.example',
      additionalAddress1: 'sales@acme.example',
      name: '佐藤 有栖',
      roles: ['admin'],
      position: 'executive',
    });
  });

  it('gives no role that this service does not know, and no position but executive', async () => {
    const claims = { ...alice, roles: ['recruiter', 'auditor'], position: 'manager', additional_address_1: null };
    expect((await askAs('/me', token(claims))).body).toMatchObject({
      roles: ['auditor'],
      position: null,
      additionalAddress1: null,
    });
  });

  it('gives the command metadata of the request', async () => {
    const answer = await ask('/metadata', `Bearer ${await token(alice)}`).set('X-Request-Id', 'console-4711');
    expect(answer.body).toEqual({
      company: 'acme',
      actor: { kind: 'user', userId: 'alice', name: '佐藤 有栖', roles: ['admin'] },
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      correlationId: 'console-4711',
      causationId: 'console-4711',
      clientAddress: expect.stringMatching(/127\.0\.0\.1$/) as string,
    });
  });

  it.each(['short', 'with blank and more', '<script>alert(1)</script>', 'x'.repeat(200)])(
    'does not take over the request id %j',
    async (id) => {
      const { body } = await ask('/metadata', `Bearer ${await token(alice)}`).set('X-Request-Id', id);
      expect(body.correlationId).toMatch(/^[0-9a-f-]{36}$/);
      expect(body.causationId).toBe(body.correlationId);
    },
  );

  it('asks for a token where there is none', async () => {
    const answer = await ask('/me');
    expect([answer.status, answer.body.code]).toEqual([401, 'token_missing']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  const wrong: Record<string, () => string | Promise<string>> = {
    'another scheme': () => 'Basic YWxpY2U6cHc=',
    'no token in it': () => 'Bearer ',
    'no JWT': () => 'Bearer hello',
    'no signature (alg none)': () => `Bearer ${unsigned()}`,
    'an HMAC over the public key': async () => `Bearer ${await hmacOverPublicKey()}`,
    'an algorithm that is none of ours': async () => `Bearer ${await signedWith('RS512', 'open')}`,
    'the signature of a stranger': async () => `Bearer ${await strangers('RS256')}`,
    'a key that is not published': async () => `Bearer ${await strangers('unknown')}`,
    'changed claims': async () => `Bearer ${await tampered()}`,
    'another issuer': async () => `Bearer ${await token(alice, { issuer: 'https://evil.example' })}`,
    'another audience': async () => `Bearer ${await token(alice, { audience: 'hrbc-calendar' })}`,
    'no end of validity': async () => `Bearer ${await withoutExpiry()}`,
    'a validity that has not begun': async () => `Bearer ${await token({ ...alice, nbf: 4_000_000_000 })}`,
  };
  it.each(Object.keys(wrong))('refuses a token with %s', async (name) => {
    const answer = await ask('/me', await wrong[name]!());
    expect([answer.status, answer.body.code]).toEqual([401, 'token_invalid']);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('takes the algorithms that are ours by such a key', async () => {
    expect((await ask('/me', `Bearer ${await signedWith('RS256', 'open')}`)).status).toBe(200);
  });

  it('says of an expired token that it has expired', async () => {
    const answer = await askAs('/me', token(alice, { exp: '-1s' }));
    expect([answer.status, answer.body.code]).toEqual([401, 'token_expired']);
  });

  it.each<[string, object]>([
    ['no user', { sub: undefined }],
    ['an empty user', { sub: '' }],
    ['a user with a separator of ours', { sub: 'a|b' }],
    ['no company', { company: undefined }],
    ['a company that is a number', { company: 7 }],
    ['a company with a blank', { company: 'a b' }],
    ['no address', { email: undefined }],
    ['no address in the address', { email: 'alice' }],
    ['no name', { name: undefined }],
    ['roles that are no list', { roles: 'admin' }],
    ['an additional address that is none', { additional_address_1: 'sales' }],
  ])('refuses claims with %s', async (_name, change) => {
    const answer = await askAs('/me', token({ ...alice, ...change }));
    expect([answer.status, answer.body.code]).toEqual([401, 'token_invalid']);
  });

  it('tells who lacks a role which one it is, in the language asked for', async () => {
    const answer = await ask('/audit', `Bearer ${await token(alice)}`).set('Accept-Language', 'en-GB,en;q=0.9');
    expect([answer.status, answer.body.code]).toEqual([403, 'role_missing']);
    expect(answer.body.detail).toContain('"auditor"');
  });

  it('lets in who has the role', async () => {
    expect((await askAs('/audit', token({ ...alice, roles: ['auditor'] }))).text).toBe('for auditors');
  });

  it('leaves public routes open, whatever is sent', async () => {
    expect((await ask('/open')).text).toBe('for everybody');
    expect((await ask('/open', 'Bearer nonsense')).status).toBe(200);
  });

  describe('while the keys cannot be had', () => {
    it.each([
      ['nobody listens', 'http://127.0.0.1:1/keys', 200, ''],
      ['the answer is an error', '', 500, '{}'],
      ['the answer is no JSON', '', 200, '<html>'],
      ['the answer is no key set', '', 200, '{"hello":1}'],
    ])('says so, and does not blame the token: %s', async (_name, url, status, body) => {
      const good = jwks;
      jwks = { status, body };
      const cold = await start(url || `http://127.0.0.1:${(jwksServer.address() as AddressInfo).port}/keys`);
      const answer = await ask('/me', `Bearer ${await token(alice)}`, cold);
      jwks = good;
      await cold.close();
      expect([answer.status, answer.body.code]).toEqual([503, 'token_keys_unavailable']);
      expect(answer.headers['retry-after']).toBe('5');
    });
  });

  function unsigned(): string {
    const { sub, ...claims } = alice;
    return new UnsecuredJWT(claims)
      .setSubject(sub)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('5m')
      .encode();
  }

  async function hmacOverPublicKey(): Promise<string> {
    const secret = new TextEncoder().encode(await exportSPKI(keys.get('RS256')!.publicKey));
    const header = { alg: 'HS256', kid: 'RS256' };
    return new SignJWT(alice)
      .setProtectedHeader(header)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('5m')
      .sign(secret);
  }

  async function signedWith(alg: string, kid: string): Promise<string> {
    const key = await importJWK(await exportJWK(keys.get('RS256')!.privateKey), alg);
    return new SignJWT(alice)
      .setProtectedHeader({ alg, kid })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('5m')
      .sign(key);
  }

  function strangers(kid: string): Promise<string> {
    const header = { alg: 'RS256', kid };
    return new SignJWT(alice)
      .setProtectedHeader(header)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('5m')
      .sign(stranger.privateKey);
  }

  function withoutExpiry(): Promise<string> {
    const header = { alg: 'RS256', kid: 'RS256' };
    return new SignJWT(alice)
      .setProtectedHeader(header)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .sign(keys.get('RS256')!.privateKey);
  }

  async function tampered(): Promise<string> {
    const [header, , signature] = (await token(alice)).split('.');
    const claims = { ...alice, iss: ISSUER, aud: AUDIENCE, exp: 4_000_000_000, roles: ['admin', 'auditor'] };
    return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  }
});
