import { type MicrosoftSimulator, TestBrowser } from '@libs/provider-simulators';
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, CLIENT_SECRET, REDIRECT, startMicrosoft, STRICT_TENANT, TENANT } from './microsoft-world.js';

const SCOPE = 'openid profile email offline_access User.Read Mail.Read Mail.Send';
const verifier = randomBytes(32).toString('base64url');
const atTheApp = (url: URL): boolean => url.href.startsWith(REDIRECT);

describe('the simulated Microsoft identity platform', () => {
  let simulator: MicrosoftSimulator;
  beforeEach(async () => ({ simulator } = await startMicrosoft()));
  afterEach(() => simulator.close());

  function authorizeUrl(changes: Record<string, string> = {}): string {
    const url = new URL(`${simulator.url}/common/oauth2/v2.0/authorize`);
    const query = {
      client_id: CLIENT_ID,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: SCOPE,
      state: 'state-1',
      nonce: 'nonce-1',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    };
    url.search = new URLSearchParams(query).toString();
    return url.href;
  }

  async function consent(name: string, decision: 'accept' | 'deny' | 'return' = 'accept'): Promise<URLSearchParams> {
    const browser = new TestBrowser();
    const page = await browser.open(authorizeUrl());
    return (await browser.decide(page, { account: simulator.account(name), decision }, atTheApp)).url.searchParams;
  }

  async function token(form: Record<string, string>) {
    const body = new URLSearchParams({ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, ...form });
    const response = await fetch(`${simulator.url}/common/oauth2/v2.0/token`, { method: 'POST', body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  const redemption = (code: string | null, code_verifier = verifier) => ({
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: REDIRECT,
    code_verifier,
  });

  it('gives a code to who agrees, once, and only for its verifier', async () => {
    const answer = await consent('taro@sample.example');
    expect(answer.get('state')).toBe('state-1');
    const wrong = await token(redemption((await consent('taro@sample.example')).get('code'), 'another-verifier'));
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const right = await token(redemption(answer.get('code')));
    expect(right).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3_599 } });
    expect(right.body['scope']).toBe(
      'https://graph.microsoft.com/Mail.Send https://graph.microsoft.com/Mail.Read https://graph.microsoft.com/User.Read',
    );
    const again = await token(redemption(answer.get('code')));
    expect(again.body).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
  });

  it('sends back who declines', async () => {
    const answer = await consent('taro@sample.example', 'deny');
    expect(answer.get('error')).toBe('access_denied');
    expect(answer.get('error_description')).toMatch(/^AADSTS65004: .*Trace ID: /);
  });

  it('lets nobody but an administrator allow Mail.Read first in a strict tenant, and everybody after', async () => {
    const browser = new TestBrowser();
    const consentPage = await browser.open(authorizeUrl());
    const taro = simulator.account('taro@strict.example');
    const refused = await browser.decide(consentPage, { account: taro, decision: 'accept' }, atTheApp);
    expect(refused.body).toContain('管理者の承認が必要');
    const back = await browser.decide(refused, { account: taro, decision: 'return' }, atTheApp);
    expect(back.url.searchParams.get('error')).toBe('access_denied');

    const adminUrl = new URL(`${simulator.url}/organizations/v2.0/adminconsent`);
    adminUrl.search = new URLSearchParams({
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT,
      state: 's',
      scope:
        'https://graph.microsoft.com/Mail.Read https://graph.microsoft.com/Mail.Send https://graph.microsoft.com/User.Read offline_access openid profile email',
    }).toString();
    const adminPage = await browser.open(adminUrl.href);
    const boss = simulator.account('boss@strict.example');
    const given = await browser.decide(adminPage, { account: boss, decision: 'accept' }, atTheApp);
    expect(Object.fromEntries(given.url.searchParams)).toMatchObject({
      admin_consent: 'True',
      tenant: STRICT_TENANT,
      state: 's',
    });
    expect((await consent('taro@strict.example')).get('code')).not.toBeNull();
  });

  it('does not send anybody to an address that is not registered, nor for an app it does not know', async () => {
    const browser = new TestBrowser();
    const evil = await browser.open(authorizeUrl({ redirect_uri: 'https://evil.example/' }));
    expect([evil.status, evil.body]).toEqual([400, expect.stringContaining('AADSTS50011')]);
    const unknown = await browser.open(authorizeUrl({ client_id: 'nobody' }));
    expect([unknown.status, unknown.body]).toEqual([400, expect.stringContaining('AADSTS700016')]);
  });

  it('refreshes, rotates where told to, and refuses what was revoked or a wrong secret', async () => {
    simulator.desk.refreshTokens = 'strict';
    const { body } = await token(redemption((await consent('taro@sample.example')).get('code')));
    const refresh = (refresh_token: unknown) =>
      token({ grant_type: 'refresh_token', refresh_token: String(refresh_token) });
    const rotated = await refresh(body['refresh_token']);
    expect(rotated.status).toBe(200);
    expect((await refresh(body['refresh_token'])).body).toMatchObject({ error: 'invalid_grant' });
    simulator.revoke('taro@sample.example');
    expect((await refresh(rotated.body['refresh_token'])).body).toMatchObject({
      error: 'invalid_grant',
      error_codes: [50173],
    });
    const wrongSecret = await token({ grant_type: 'refresh_token', refresh_token: 'x', client_secret: 'wrong' });
    expect(wrongSecret).toMatchObject({ status: 401, body: { error: 'invalid_client', error_codes: [7000215] } });
  });

  it('serves metadata whose issuer is a template for common and a tenant for a tenant', async () => {
    const issuerOf = async (tenant: string) =>
      (
        (await (await fetch(`${simulator.url}/${tenant}/v2.0/.well-known/openid-configuration`)).json()) as {
          issuer: string;
        }
      ).issuer;
    expect(await issuerOf('common')).toBe(`${simulator.url}/{tenantid}/v2.0`);
    expect(await issuerOf(TENANT)).toBe(`${simulator.url}/${TENANT}/v2.0`);
  });
});
