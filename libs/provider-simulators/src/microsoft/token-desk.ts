import { createHash, randomBytes } from 'node:crypto';
import { type Account, bareScope, type Directory } from './directory.js';
import { type IdentityError } from './identity-error.js';

/** What the person agreed to on the consent page. */
export interface Approval {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly accountId: string;
  readonly scopes: readonly string[];
  readonly nonce: string | null;
  /** S256 (RFC 7636); null: the client sent none. */
  readonly codeChallenge: string | null;
}

export interface Grant {
  readonly clientId: string;
  readonly accountId: string;
  readonly scopes: readonly string[];
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresIn: number;
  readonly grant: Grant;
  readonly nonce: string | null;
}

interface Redemption {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeVerifier: string | null;
}

const CODE_LIFETIME_MS = 10 * 60_000;
const opaque = (prefix: string): string => `${prefix}.${randomBytes(48).toString('base64url')}`;

/** Codes and tokens: who holds which, until when. */
export class TokenDesk {
  /** Seconds an access token lives. */
  accessTokenLifetime = 3_599;
  /**
   * `strict`: a refresh token works once. Microsoft's own go on working beside the newer one (refresh-tokens.md), so a
   * client that passes here loses no token there.
   */
  refreshTokens: 'kept' | 'strict' = 'kept';
  private readonly codes = new Map<string, { readonly approval: Approval; readonly until: number }>();
  private readonly accessTokens = new Map<string, { readonly grant: Grant; readonly until: number }>();
  private readonly refreshTokensIssued = new Map<string, Grant>();

  constructor(private readonly directory: Directory) {}

  /** Tokens without a page in between, for tests of what comes after it. */
  grant(grant: Grant): IssuedTokens {
    return this.issue(grant, null);
  }

  /** An authorization code for what was agreed to. */
  approve(approval: Approval): string {
    const code = opaque('0.code');
    this.codes.set(code, { approval, until: Date.now() + CODE_LIFETIME_MS });
    return code;
  }

  redeem({ code, clientId, redirectUri, codeVerifier }: Redemption): IssuedTokens | IdentityError {
    const held = this.codes.get(code);
    this.codes.delete(code);
    if (!held) return { error: 'invalid_grant', number: 54005, text: 'OAuth2 Authorization code was already redeemed' };
    const { approval, until } = held;
    if (until < Date.now()) return { error: 'invalid_grant', number: 70008, text: 'The code has expired' };
    if (approval.clientId !== clientId || approval.redirectUri !== redirectUri) {
      return { error: 'invalid_grant', number: 500112, text: 'The reply address does not match' };
    }
    if (approval.codeChallenge !== null && approval.codeChallenge !== challengeOf(codeVerifier ?? '')) {
      return { error: 'invalid_grant', number: 501481, text: 'The Code_Verifier does not match the code_challenge' };
    }
    const { accountId, scopes, nonce } = approval;
    return this.issue({ clientId, accountId, scopes }, nonce);
  }

  refresh(refreshToken: string, clientId: string): IssuedTokens | IdentityError {
    const grant = this.refreshTokensIssued.get(refreshToken);
    if (!grant || grant.clientId !== clientId) {
      return {
        error: 'invalid_grant',
        number: 50173,
        text: 'The provided grant has expired due to it being revoked',
        suberror: 'bad_token',
      };
    }
    if (this.refreshTokens === 'strict') this.refreshTokensIssued.delete(refreshToken);
    return this.issue(grant, null);
  }

  /** Whose refresh token it is; null: nobody's. */
  ownerOf(refreshToken: string): Account | null {
    const grant = this.refreshTokensIssued.get(refreshToken);
    return grant ? this.directory.account(grant.accountId) : null;
  }

  /** What an access token is good for; null: nothing (any more). */
  grantOf(accessToken: string | null): { readonly grant: Grant; readonly account: Account } | null {
    const held = accessToken === null ? undefined : this.accessTokens.get(accessToken);
    if (!held || held.until < Date.now()) return null;
    const account = this.directory.account(held.grant.accountId);
    return account ? { grant: held.grant, account } : null;
  }

  /** An administrator revokes the person's sessions: no token of theirs is good any more. */
  revoke(accountId: string): void {
    for (const [token, grant] of this.refreshTokensIssued) {
      if (grant.accountId === accountId) this.refreshTokensIssued.delete(token);
    }
    this.expireAccessTokens(accountId);
  }

  /** Access tokens end at once; refresh tokens stay good. */
  expireAccessTokens(accountId?: string): void {
    for (const [token, { grant }] of this.accessTokens) {
      if (accountId === undefined || grant.accountId === accountId) this.accessTokens.delete(token);
    }
  }

  private issue(grant: Grant, nonce: string | null): IssuedTokens {
    const accessToken = opaque('eyJ0eXAi');
    this.accessTokens.set(accessToken, { grant, until: Date.now() + this.accessTokenLifetime * 1_000 });
    const offline = grant.scopes.some((scope) => bareScope(scope) === 'offline_access');
    const refreshToken = offline ? opaque('1.refresh') : null;
    if (refreshToken !== null) this.refreshTokensIssued.set(refreshToken, grant);
    return { accessToken, refreshToken, expiresIn: this.accessTokenLifetime, grant, nonce };
  }
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
