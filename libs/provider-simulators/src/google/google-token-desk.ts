import { createHash, randomBytes } from 'node:crypto';
import { audienceOf, type Client, type GoogleAccounts } from './google-accounts.js';

/** What the person agreed to on the consent page. */
export interface Approval {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly email: string;
  /** Those that were ticked. */
  readonly scopes: readonly string[];
  /** `access_type=offline`, and a consent page was shown. */
  readonly offline: boolean;
  /** S256 (RFC 7636); null: the client sent none. */
  readonly codeChallenge: string | null;
}

export interface Grant {
  readonly clientId: string;
  readonly email: string;
  readonly scopes: readonly string[];
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresIn: number;
  readonly grant: Grant;
}

/** A refusal of the token endpoint (RFC 6749, 5.2), with Google's words. */
export interface TokenRefusal {
  readonly status: number;
  readonly error: string;
  readonly error_description: string;
  readonly error_subtype?: string;
}

interface Redemption {
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string | null;
}

interface Held {
  readonly grant: Grant;
  readonly until: number;
}

const DAY_MS = 86_400_000;
const CODE_LIFETIME_MS = 10 * 60_000;
const REVOKED: TokenRefusal = {
  status: 400,
  error: 'invalid_grant',
  error_description: 'Token has been expired or revoked.',
};

const opaque = (prefix: string): string => `${prefix}${randomBytes(48).toString('base64url')}`;

/** Codes and tokens: who holds which, until when. */
export class GoogleTokenDesk {
  /** Seconds an access token lives. */
  accessTokenLifetime = 3_599;
  /** Google keeps a refresh token; `rotated` gives a new one at each use and ends the old, as RFC 6749, 6 allows. */
  refreshTokens: 'kept' | 'rotated' = 'kept';
  private readonly codes = new Map<string, { readonly approval: Approval; readonly until: number }>();
  private readonly accessTokens = new Map<string, Held>();
  private readonly refreshTokensHeld = new Map<string, Held>();

  constructor(
    private readonly accounts: GoogleAccounts,
    private readonly now: () => number,
  ) {}

  /** An authorization code for what was agreed to. */
  approve(approval: Approval): string {
    const code = opaque('4/');
    this.codes.set(code, { approval, until: this.now() + CODE_LIFETIME_MS });
    return code;
  }

  redeem({ code, redirectUri, codeVerifier }: Redemption, client: Client): IssuedTokens | TokenRefusal {
    const held = this.codes.get(code);
    this.codes.delete(code);
    if (!held || held.until < this.now() || held.approval.clientId !== client.clientId)
      return malformed('Malformed auth code.');
    const { approval } = held;
    if (approval.redirectUri !== redirectUri) {
      return { status: 400, error: 'redirect_uri_mismatch', error_description: 'Bad Request' };
    }
    if (approval.codeChallenge !== null && approval.codeChallenge !== challengeOf(codeVerifier ?? '')) {
      return malformed('Invalid code verifier.');
    }
    const { clientId, email, scopes } = approval;
    return this.issue({ clientId, email, scopes }, approval.offline ? this.newRefreshToken(approval, client) : null);
  }

  refresh(refreshToken: string, client: Client): IssuedTokens | TokenRefusal {
    const held = this.refreshTokensHeld.get(refreshToken);
    if (!held || held.grant.clientId !== client.clientId || held.until < this.now()) return REVOKED;
    if (this.refreshTokens === 'kept') return this.issue(held.grant, null);
    this.refreshTokensHeld.delete(refreshToken);
    return this.issue(held.grant, this.newRefreshToken(held.grant, client));
  }

  /** What an access token is good for; null: nothing (any more). */
  grantOf(accessToken: string | null): Grant | null {
    const held = accessToken === null ? undefined : this.accessTokens.get(accessToken);
    return held && held.until > this.now() ? held.grant : null;
  }

  /**
   * Every grant of the account ends: the person revoked it, or changed the password, which for Gmail scopes is the same
   * (developers.google.com/identity/protocols/oauth2#expiration).
   */
  revoke(email: string): void {
    for (const [token, { grant }] of this.refreshTokensHeld)
      if (grant.email === email) this.refreshTokensHeld.delete(token);
    this.expireAccessTokens(email);
  }

  /** Of the revocation endpoint: by either kind of token. False: there is no such token. */
  revokeByToken(token: string): boolean {
    const held = this.refreshTokensHeld.get(token) ?? this.accessTokens.get(token);
    if (!held) return false;
    this.revoke(held.grant.email);
    return true;
  }

  /** Access tokens end at once; refresh tokens stay good. */
  expireAccessTokens(email?: string): void {
    for (const [token, { grant }] of this.accessTokens) {
      if (email === undefined || grant.email === email) this.accessTokens.delete(token);
    }
  }

  /** Those that a refresh token still stands for. */
  grantsOf(email: string): Grant[] {
    const held = [...this.refreshTokensHeld.values()];
    return held.filter(({ grant, until }) => grant.email === email && until > this.now()).map(({ grant }) => grant);
  }

  private newRefreshToken({ clientId, email, scopes }: Grant, client: Client): string {
    const refreshToken = opaque('1//');
    const lifetime = audienceOf(client) === 'testing' ? 7 * DAY_MS : Infinity;
    this.refreshTokensHeld.set(refreshToken, { grant: { clientId, email, scopes }, until: this.now() + lifetime });
    return refreshToken;
  }

  private issue(grant: Grant, refreshToken: string | null): IssuedTokens {
    if (this.accounts.account(grant.email) === null) throw new Error(`A grant of nobody: ${grant.email}`);
    const accessToken = opaque('ya29.');
    this.accessTokens.set(accessToken, { grant, until: this.now() + this.accessTokenLifetime * 1_000 });
    return { accessToken, refreshToken, expiresIn: this.accessTokenLifetime, grant };
  }
}

const malformed = (error_description: string): TokenRefusal => ({
  status: 400,
  error: 'invalid_grant',
  error_description,
});
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
