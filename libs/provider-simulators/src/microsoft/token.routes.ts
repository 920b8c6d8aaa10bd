import { SignJWT } from 'jose';
import { type Answer, type Exchange, formOf, json, type Route } from '../shared/exchange.js';
import { type AppSeed } from './microsoft-seed.js';
import { type Directory } from './directory.js';
import { identityError, type IdentityError } from './identity-error.js';
import { type SigningKeys } from './signing-keys.js';
import { type IssuedTokens, type TokenDesk } from './token-desk.js';

export interface TokenWorld {
  readonly directory: Directory;
  readonly desk: TokenDesk;
  readonly keys: SigningKeys;
  readonly baseUrl: () => string;
}

/** Metadata, keys and the token endpoint of the Microsoft identity platform, version 2.0. */
export function tokenRoutes({ directory, desk, keys, baseUrl }: TokenWorld): Route[] {
  /** OpenID Connect Core, 2; the claims of id-token-claims-reference.md. */
  async function idToken({ grant, nonce }: IssuedTokens): Promise<string> {
    const account = directory.account(grant.accountId);
    if (!account) throw new Error('A grant of nobody.');
    const { kid, pair } = await keys.current();
    return new SignJWT({
      oid: account.id,
      tid: account.tenantId,
      name: account.displayName,
      preferred_username: account.userPrincipalName,
      ver: '2.0',
      ...(nonce !== null && { nonce }),
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuer(`${baseUrl()}/${account.tenantId}/v2.0`)
      .setSubject(`pairwise-${account.id}`)
      .setAudience(grant.clientId)
      .setIssuedAt()
      .setNotBefore('0s')
      .setExpirationTime('1h')
      .sign(pair.privateKey);
  }

  async function answerOf(issued: IssuedTokens | IdentityError): Promise<Answer> {
    if ('error' in issued) return identityError(issued);
    const { accessToken, refreshToken, expiresIn, grant } = issued;
    return json(200, {
      token_type: 'Bearer',
      // As seen: re-prefixed, in another order, without the scopes of OpenID Connect.
      scope: grant.scopes
        .filter((scope) => /\./.test(scope))
        .map(prefixed)
        .reverse()
        .join(' '),
      expires_in: expiresIn,
      ext_expires_in: expiresIn,
      access_token: accessToken,
      ...(refreshToken !== null && { refresh_token: refreshToken }),
      ...(grant.scopes.includes('openid') && { id_token: await idToken(issued) }),
    });
  }

  return [
    {
      operation: 'identity.metadata',
      method: 'GET',
      path: '/:tenant/v2.0/.well-known/openid-configuration',
      handle: ({ params }) => json(200, metadataOf(baseUrl(), params['tenant'] ?? 'common')),
    },
    {
      operation: 'identity.keys',
      method: 'GET',
      path: '/:tenant/discovery/v2.0/keys',
      handle: async () => json(200, await keys.published()),
    },
    {
      operation: 'identity.token',
      method: 'POST',
      path: '/:tenant/oauth2/v2.0/token',
      subject: (exchange) => desk.ownerOf(formOf(exchange).get('refresh_token') ?? '')?.userPrincipalName ?? null,
      handle: async (exchange) => answerOf(tokensFor(directory, desk, exchange)),
    },
  ];
}

function tokensFor(directory: Directory, desk: TokenDesk, exchange: Exchange): IssuedTokens | IdentityError {
  const form = formOf(exchange);
  const app: AppSeed | null = directory.app(form.get('client_id') ?? '');
  if (app === null)
    return { error: 'unauthorized_client', number: 700016, text: 'Application was not found in the directory' };
  if (!directory.isSecretOf(app, form.get('client_secret') ?? '')) {
    return { error: 'invalid_client', number: 7000215, text: 'Invalid client secret provided' };
  }
  const { clientId } = app;
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return desk.redeem({
        code: form.get('code') ?? '',
        clientId,
        redirectUri: form.get('redirect_uri') ?? '',
        codeVerifier: form.get('code_verifier'),
      });
    case 'refresh_token':
      return desk.refresh(form.get('refresh_token') ?? '', clientId);
    default:
      return { error: 'unsupported_grant_type', number: 70003, text: 'The grant type is not supported' };
  }
}

/** The issuer of `common` is a template, as it is at Microsoft. */
function metadataOf(base: string, tenant: string) {
  const ofAll = ['common', 'organizations'].includes(tenant);
  return {
    issuer: `${base}/${ofAll ? '{tenantid}' : tenant}/v2.0`,
    authorization_endpoint: `${base}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${base}/${tenant}/discovery/v2.0/keys`,
    userinfo_endpoint: `${base}/oidc/userinfo`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    subject_types_supported: ['pairwise'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
  };
}

const prefixed = (scope: string): string => (scope.includes('/') ? scope : `https://graph.microsoft.com/${scope}`);
