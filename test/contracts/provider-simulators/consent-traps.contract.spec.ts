import { type FaultEffect, type MicrosoftSimulator, TestBrowser } from '@libs/provider-simulators';
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { type Strategy } from 'passport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TokenSet } from '../../../src/gateways/index.js';
import {
  oidcStrategy,
  type StateTuple,
} from '../../../src/modules/user-mail-setting/consent/office365/oidc-strategy.js';
import { CLIENT_ID, CLIENT_SECRET, REDIRECT, startMicrosoft } from './microsoft-world.js';

type Outcome =
  | { readonly redirect: string }
  | { readonly success: { readonly claims: Record<string, unknown> } }
  | { readonly fail: unknown }
  | { readonly error: unknown };

/** Runs a strategy as passport does, without passport; the response refuses every cookie. */
function run(strategy: Strategy, query: Record<string, string>, options: object = {}): Promise<Outcome> {
  const response = {
    cookie: () => {
      throw new Error('a cookie of the library');
    },
  };
  return new Promise((resolve) => {
    const real = Object.assign(Object.create(strategy) as Strategy, {
      redirect: (redirect: string) => resolve({ redirect }),
      success: (user: { claims: Record<string, unknown> }) => resolve({ success: user }),
      fail: (fail: unknown) => resolve({ fail }),
      error: (error: unknown) => resolve({ error }),
    });
    const request = { query, headers: {}, method: 'GET', res: response };
    (real as { authenticate(request: object, options: object): void }).authenticate(request, { response, ...options });
  });
}

describe('what passport-azure-ad would do by itself', () => {
  let simulator: MicrosoftSimulator;
  beforeEach(async () => ({ simulator } = await startMicrosoft()));
  afterEach(() => simulator.close());

  const parts = () => ({
    identityMetadata: `${simulator.url}/common/v2.0/.well-known/openid-configuration`,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    redirectUrl: REDIRECT,
    scopes: ['openid', 'offline_access', 'User.Read', 'Mail.Read', 'Mail.Send'],
  });

  /** Departs, consents in a browser, and answers what came back. */
  async function consented(): Promise<{ kept: StateTuple; query: Record<string, string> }> {
    let kept: StateTuple | undefined;
    const outcome = await run(oidcStrategy({ ...parts(), keep: (tuple) => (kept = tuple) }), {});
    if (!('redirect' in outcome) || !kept) throw new Error(JSON.stringify(outcome));
    const browser = new TestBrowser();
    const page = await browser.open(outcome.redirect);
    const account = simulator.account('taro@sample.example');
    const { url } = await browser.decide(page, { account, decision: 'accept' }, (at) => at.href.startsWith(REDIRECT));
    return { kept, query: Object.fromEntries(url.searchParams) };
  }

  /** Tokens as the endpoint would give them, with this id token. */
  const tokensWith = (idToken: string | null): TokenSet => ({
    accessToken: 'a',
    refreshToken: 'r',
    expiresAt: new Date(Date.now() + 3_600_000),
    scopes: ['Mail.Read'],
    idToken,
  });

  async function realTokens(code: string): Promise<TokenSet> {
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uri: REDIRECT,
      code,
    });
    const answer = (await (
      await fetch(`${simulator.url}/common/oauth2/v2.0/token`, { method: 'POST', body })
    ).json()) as Record<string, string>;
    return tokensWith(answer['id_token'] ?? null);
  }

  it('is left to build the address and to verify the id token, and asks for no token itself', async () => {
    const { kept, query } = await consented();
    const outcome = await run(oidcStrategy({ ...parts(), kept, redeem: realTokens }), query);
    expect(outcome).toMatchObject({
      success: { claims: { preferred_username: 'taro@sample.example', aud: CLIENT_ID, nonce: kept.nonce } },
    });
    expect(simulator.requests.of('identity.token')).toHaveLength(1); // ours
  });

  it.each<[string, 'identity.metadata' | 'identity.keys', FaultEffect]>([
    ['metadata that are no JSON', 'identity.metadata', { kind: 'answer', status: 200, body: '<html>busy</html>' }],
    ['half of the metadata', 'identity.metadata', { kind: 'malformed' }],
    ['metadata cut off', 'identity.metadata', { kind: 'cut' }],
    ['metadata that fail', 'identity.metadata', { kind: 'answer', status: 500, body: '' }],
    ['metadata of another shape', 'identity.metadata', { kind: 'answer', status: 200, body: { issuer: 1 } }],
    ['keys that are no JSON', 'identity.keys', { kind: 'answer', status: 200, body: 'oops' }],
    ['keys that fail', 'identity.keys', { kind: 'answer', status: 503, body: 'busy' }],
    ['no keys', 'identity.keys', { kind: 'answer', status: 200, body: { keys: [] } }],
  ])('does not end the process over %s, and works once that is over', async (_name, operation, effect) => {
    simulator.faults.add({ operation, effect, times: 1 });
    const failed = await run(oidcStrategy(parts()), {});
    expect('redirect' in failed).toBe(false);
    expect(await run(oidcStrategy(parts()), {})).toMatchObject({ redirect: expect.stringContaining('/authorize?') });
  });

  it('believes no state but the one that was kept', async () => {
    const { kept, query } = await consented();
    const outcome = await run(oidcStrategy({ ...parts(), kept, redeem: realTokens }), {
      ...query,
      state: 'x'.repeat(32),
    });
    expect(outcome).toMatchObject({ fail: expect.stringContaining('invalid state') });
    const nothingKept = await run(oidcStrategy({ ...parts(), redeem: realTokens }), query);
    expect(nothingKept).toMatchObject({ fail: expect.stringContaining('invalid state') });
  });

  it('believes no id token of another nonce, key, audience or time, and none that is missing', async () => {
    const { kept, query } = await consented();
    const { idToken } = await realTokens(query['code'] ?? '');
    const [header, payload] = (idToken ?? '').split('.').map((part) => Buffer.from(part, 'base64url').toString());
    const claims = JSON.parse(payload ?? '{}') as Record<string, unknown>;
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const forge = async (changes: Record<string, unknown>) =>
      new SignJWT({ ...claims, ...changes })
        .setProtectedHeader(JSON.parse(header ?? '{}') as { alg: 'RS256' })
        .sign(await importJWK(await exportJWK(privateKey), 'RS256'));
    const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT","kid":"simulator-key-1"}').toString('base64url')}.${(idToken ?? '').split('.')[1]}.`;
    const withNonce = { ...kept, nonce: 'another' };
    const outcomes = [
      await run(oidcStrategy({ ...parts(), kept: withNonce, redeem: async () => tokensWith(idToken) }), query),
      await run(oidcStrategy({ ...parts(), kept, redeem: async () => tokensWith(await forge({})) }), query),
      await run(oidcStrategy({ ...parts(), kept, redeem: async () => tokensWith(unsigned) }), query),
      await run(oidcStrategy({ ...parts(), clientId: 'other', kept, redeem: async () => tokensWith(idToken) }), query),
      await run(oidcStrategy({ ...parts(), kept, redeem: async () => tokensWith(null) }), query),
      await run(oidcStrategy({ ...parts(), kept, redeem: async () => tokensWith('no.jwt.here') }), query),
    ];
    expect(outcomes.map((outcome) => 'success' in outcome)).toEqual(Array(6).fill(false));
    expect(
      await run(oidcStrategy({ ...parts(), kept, redeem: async () => tokensWith(idToken) }), query),
    ).toHaveProperty('success');
  });

  it('believes a token of a key that was rolled a moment ago, and asks for the keys once for all who wait', async () => {
    const waiting = await Promise.all(Array.from({ length: 3 }, consented));
    simulator.keys.roll();
    simulator.requests.clear();
    const outcomes = await Promise.all(
      waiting.map(async ({ kept, query }) => run(oidcStrategy({ ...parts(), kept, redeem: realTokens }), query)),
    );
    for (const outcome of outcomes) expect(outcome).toMatchObject({ success: { claims: { aud: CLIENT_ID } } });
    expect(simulator.requests.of('identity.keys')).toHaveLength(1);
  });

  it('asks for the keys no more than once a minute, whoever signed', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const forged = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: 'of-nobody' }).sign(privateKey);
    const { kept, query } = await consented();
    simulator.requests.clear();
    for (let round = 0; round < 3; round++) {
      const outcome = await run(oidcStrategy({ ...parts(), kept, redeem: async () => tokensWith(forged) }), query);
      expect(outcome).toHaveProperty('fail');
    }
    expect(simulator.requests.of('identity.keys')).toHaveLength(1);
  });

  it('keeps many sign-ins apart that go on at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const { kept, query } = await consented();
        const outcome = await run(oidcStrategy({ ...parts(), kept, redeem: realTokens }), query);
        return 'success' in outcome && outcome.success.claims['nonce'] === kept.nonce;
      }),
    );
    expect(outcomes).toEqual(Array(40).fill(true));
  });
});
