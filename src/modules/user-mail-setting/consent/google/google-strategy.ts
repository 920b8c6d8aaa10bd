import { type Request } from 'express';
import { type Strategy } from 'passport';
import { Strategy as GoogleStrategy, type VerifyCallback } from 'passport-google-oauth20';
import { type GoogleClient, type GoogleTokens } from '../../../../gateways/index.js';
import { type GrantedTokens } from '../oauth-provider.js';

export interface GoogleStrategyParts {
  readonly client: GoogleClient;
  readonly authUrl: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** At a departure: keeps the verifier that the library drew, and answers the state to send. */
  readonly keep?: (codeVerifier: string) => Promise<string>;
  /** At an arrival: the verifier that was kept. */
  readonly codeVerifier?: string;
  /** Redeems the code; the library's own request knows no time limit and drops the reason of a refusal. */
  readonly redeem?: (code: string, codeVerifier: string) => Promise<GoogleTokens>;
  /** What the strategy succeeds with. */
  readonly granted: (tokens: GoogleTokens) => GrantedTokens;
}

type Stored = (error: unknown, state?: string) => void;
type Verified = (error: unknown, codeVerifier?: string) => void;
type Redeemed = (error: unknown, accessToken?: string, refreshToken?: string, parameters?: object) => void;

/** Never asked: the tokens are redeemed by `redeem`. */
const NOWHERE = 'https://token-endpoint.invalid/';

/**
 * A GoogleStrategy of passport-google-oauth20 for one request: the library keeps the client in the strategy, and every
 * company has its own. By default it checks no state at all (NullStore) and asks for the profile with the access token
 * in the query; here state and PKCE verifier (RFC 7636) go through a record that is good once, and no profile is asked.
 */
export function googleStrategy(parts: GoogleStrategyParts): Strategy {
  let tokens: GoogleTokens | undefined;
  const options = {
    clientID: parts.client.clientId,
    clientSecret: parts.client.clientSecret,
    callbackURL: parts.redirectUri,
    authorizationURL: parts.authUrl,
    tokenURL: NOWHERE,
    scope: [...parts.scopes],
    pkce: true,
    skipUserProfile: true,
    store: {
      // The library chooses by the number of parameters what it hands over: five and four mean PKCE.
      store: (_request: Request, codeVerifier: string, _state: unknown, _meta: unknown, done: Stored): void => {
        const kept = parts.keep?.(codeVerifier) ?? Promise.reject(new Error('An arrival keeps nothing.'));
        kept.then((state) => done(null, state), done);
      },
      verify: (_request: Request, _state: unknown, _meta: unknown, done: Verified): void =>
        done(null, parts.codeVerifier),
    },
  };
  const verify = (_accessToken: string, _refreshToken: string, _profile: unknown, done: VerifyCallback): void =>
    tokens === undefined
      ? done(new Error('The library redeemed a code by itself.'))
      : done(null, parts.granted(tokens));
  // The declared options know neither `pkce` nor `store`; the library hands both to passport-oauth2.
  const strategy = new GoogleStrategy(options as never, verify);
  Object.assign(strategy, {
    _oauth2: Object.assign(Object.create((strategy as unknown as { _oauth2: object })._oauth2) as object, {
      getOAuthAccessToken: (
        code: string,
        { code_verifier: verifier = '' }: { code_verifier?: string },
        done: Redeemed,
      ) => {
        const redeemed = parts.redeem?.(code, verifier) ?? Promise.reject(new Error('A departure redeems nothing.'));
        redeemed.then(
          (set) => {
            tokens = set;
            done(null, set.accessToken, set.refreshToken ?? '', {});
          },
          (error: unknown) => done(error),
        );
      },
    }),
  });
  return strategy;
}
