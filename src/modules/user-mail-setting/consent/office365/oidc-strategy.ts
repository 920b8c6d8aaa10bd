import { OIDCStrategy } from 'passport-azure-ad';
import { type Strategy } from 'passport';
import { type TokenSet } from '../../../../gateways/index.js';
import { type GrantedTokens, type StoredTokens } from '../oauth-provider.js';
import { learnKeyOf, replaceMetadataFetch } from './metadata-fetch.js';

replaceMetadataFetch();

/** The library's record of what the answer has to fit. */
export interface StateTuple {
  readonly state: string;
  readonly nonce: string;
}

export interface OidcParts {
  readonly identityMetadata: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUrl: string;
  readonly scopes: readonly string[];
  /** Called at a departure with what the library has drawn. */
  readonly keep?: (tuple: StateTuple) => void;
  /** At an arrival: what was kept. */
  readonly kept?: StateTuple;
  /** Redeems the code; the library's own request knows no time limit and drops the reason of a refusal. */
  readonly redeem?: (code: string) => Promise<TokenSet>;
}

/** request, issuer, subject, profile, claims, access token, refresh token, parameters, done. */
const HANDED_OVER = 9;
const CLAIMS = 4;

type Done = (error: unknown, user?: object) => void;

/**
 * An OIDCStrategy of passport-azure-ad for one request. Two of its parts are taken out: the cookie in which it would keep
 * state and nonce (AES-GCM with one IV for all, good until it expires: our record is one-time), and the request for the
 * tokens. It builds the address, checks the answer, and verifies the id token; it succeeds with GrantedTokens.
 */
export function oidcStrategy(parts: OidcParts): Strategy {
  let tokens: TokenSet | undefined;
  const verify = (...handed: unknown[]): void => {
    const [claims, done] = [handed[CLAIMS] as GrantedTokens['claims'], handed.at(-1) as Done];
    if (tokens === undefined) return done(new Error('The library redeemed a code by itself.'));
    done(null, grantOf(tokens, claims));
  };
  // The library chooses by the number of parameters what it hands over; with fewer there are no claims.
  Object.defineProperty(verify, 'length', { value: HANDED_OVER });
  const strategy = new OIDCStrategy(
    {
      identityMetadata: parts.identityMetadata,
      clientID: parts.clientId,
      clientSecret: parts.clientSecret,
      redirectUrl: parts.redirectUrl,
      allowHttpForRedirectUrl: true,
      responseType: 'code',
      // form_post would come from another site, without our Lax cookie.
      responseMode: 'query',
      // Every tenant has an issuer of its own; it is checked against the token's `tid` afterwards.
      validateIssuer: false,
      passReqToCallback: true,
      scope: [...parts.scopes],
      loggingLevel: 'error',
      loggingNoPII: true,
      useCookieInsteadOfSession: true,
      cookieEncryptionKeys: [{ key: 'x'.repeat(32), iv: 'y'.repeat(12) }],
    },
    verify,
  );
  Object.assign(strategy, {
    _cookieContentHandler: {
      add: (_request: unknown, _response: unknown, tuple: StateTuple) => parts.keep?.(tuple),
      findAndDeleteTupleByState: (_request: unknown, _response: unknown, state: string) =>
        parts.kept?.state === state ? parts.kept : null,
    },
    _getAccessTokenBySecretOrAssertion: (
      code: string,
      _configuration: unknown,
      _next: unknown,
      callback: (error: unknown, items?: object) => void,
    ) => {
      redeemed(code, parts).then(
        (set) => {
          tokens = set;
          callback(null, asLibraryWants(set));
        },
        (error: unknown) => callback(error),
      );
    },
  });
  return strategy;
}

/** The tokens for a code, and the key known by which their id token can be verified. */
async function redeemed(code: string, { redeem, identityMetadata }: OidcParts): Promise<TokenSet> {
  if (!redeem) throw new Error('Nothing is redeemed at a departure.');
  const set = await redeem(code);
  await learnKeyOf(set.idToken, identityMetadata);
  return set;
}

function grantOf(tokens: TokenSet, claims: GrantedTokens['claims']): GrantedTokens {
  const tenantId = typeof claims['tid'] === 'string' ? claims['tid'] : null;
  return { tokens: storedTokens(tokens, tenantId, ''), grantedScopes: tokens.scopes, claims };
}

/** A refresh that gives no new refresh token leaves the old one in force (RFC 6749, 6). */
export function storedTokens(set: TokenSet, tenantId: string | null, refreshTokenBefore: string): StoredTokens {
  const { accessToken, refreshToken, expiresAt } = set;
  return {
    accessToken,
    refreshToken: refreshToken ?? refreshTokenBefore,
    expiresAt: expiresAt.toISOString(),
    tenantId,
  };
}

function asLibraryWants({ accessToken, refreshToken, idToken }: TokenSet): object {
  return { token_type: 'Bearer', access_token: accessToken, refresh_token: refreshToken, id_token: idToken };
}
