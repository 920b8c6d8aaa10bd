import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Answer, type Exchange, formOf, json, type Route } from '../shared/exchange.js';
import { type Client, type GoogleAccounts } from './google-accounts.js';
import { type GoogleTokenDesk, type IssuedTokens, type TokenRefusal } from './google-token-desk.js';

const KEY_ID = 'simulator-key-1';

/** The token, revocation and key endpoints of accounts.google.com and oauth2.googleapis.com, on one host. */
export function googleTokenRoutes(accounts: GoogleAccounts, desk: GoogleTokenDesk): Route[] {
  // Made when it is first asked for: a large key takes a while, and most who start a simulator never see a token of it.
  let pair: ReturnType<typeof generateKeyPair> | undefined;
  const keyPair = async () => (pair ??= generateKeyPair('RS256'));
  const keys = async (): Promise<object> => {
    const { publicKey } = await keyPair();
    return { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, use: 'sig', alg: 'RS256' }] };
  };

  /** OpenID Connect Core, 2. */
  const idToken = async ({ clientId, email }: IssuedTokens['grant']): Promise<string> =>
    new SignJWT({ email, email_verified: true, azp: clientId })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })
      .setIssuer('https://accounts.google.com')
      .setSubject(subjectOf(email))
      .setAudience(clientId)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign((await keyPair()).privateKey);

  const answerOf = async (issued: IssuedTokens | TokenRefusal): Promise<Answer> => {
    if ('error' in issued) {
      const { status, ...body } = issued;
      return json(status, body);
    }
    const { accessToken, refreshToken, expiresIn, grant } = issued;
    return json(200, {
      access_token: accessToken,
      expires_in: expiresIn,
      ...(refreshToken !== null && { refresh_token: refreshToken }),
      scope: grant.scopes.map(asGranted).join(' '),
      token_type: 'Bearer',
      ...(grant.scopes.includes('openid') && { id_token: await idToken(grant) }),
    });
  };

  return [
    {
      operation: 'oauth.token',
      method: 'POST',
      path: '/token',
      handle: async (exchange) => answerOf(tokensFor(accounts, desk, exchange)),
    },
    { operation: 'oauth.revoke', method: 'POST', path: '/revoke', handle: (exchange) => revoke(desk, exchange) },
    { operation: 'oauth.keys', method: 'GET', path: '/oauth2/v3/certs', handle: async () => json(200, await keys()) },
  ];
}

function tokensFor(accounts: GoogleAccounts, desk: GoogleTokenDesk, exchange: Exchange): IssuedTokens | TokenRefusal {
  const form = formOf(exchange);
  const client = accounts.client(form.get('client_id') ?? '');
  const refused = clientRefusal(client, form.get('client_secret') ?? '');
  if (client === null || refused !== null) return refused ?? UNKNOWN_CLIENT;
  switch (form.get('grant_type')) {
    case 'authorization_code': {
      const [code, redirectUri] = [form.get('code') ?? '', form.get('redirect_uri') ?? ''];
      return desk.redeem({ code, redirectUri, codeVerifier: form.get('code_verifier') }, client);
    }
    case 'refresh_token':
      return desk.refresh(form.get('refresh_token') ?? '', client);
    default:
      return { status: 400, error: 'unsupported_grant_type', error_description: 'Invalid grant_type' };
  }
}

const UNKNOWN_CLIENT: TokenRefusal = {
  status: 401,
  error: 'invalid_client',
  error_description: 'The OAuth client was not found.',
};

function clientRefusal(client: Client | null, secret: string): TokenRefusal | null {
  if (client === null) return UNKNOWN_CLIENT;
  if (client.deleted)
    return { status: 401, error: 'deleted_client', error_description: 'The OAuth client was deleted.' };
  if (client.clientSecret !== secret)
    return { status: 401, error: 'invalid_client', error_description: 'Unauthorized' };
  return null;
}

function revoke(desk: GoogleTokenDesk, exchange: Exchange): Answer {
  const token = formOf(exchange).get('token') ?? exchange.url.searchParams.get('token') ?? '';
  if (desk.revokeByToken(token)) return json(200, {});
  return json(400, { error: 'invalid_token', error_description: 'Token expired or revoked' });
}

/** Google names these two by URL in its answers. */
const asGranted = (scope: string): string =>
  scope === 'email' || scope === 'profile' ? `https://www.googleapis.com/auth/userinfo.${scope}` : scope;

const subjectOf = (email: string): string =>
  [...email].reduce((sum, character) => (sum * 31n + BigInt(character.charCodeAt(0))) % 10n ** 21n, 1n).toString();
