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

/** What a token of the simulator says: all that is known of it, so that one outlives a restart of the simulator. */
interface Ticket extends Grant {
  readonly use: 'access' | 'refresh';
  readonly issuedAt: number;
  /** ms; null: as long as nobody revokes it. */
  readonly until: number | null;
}

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
  private readonly spent = new Set<string>();
  /** By use and account (`access *` is everybody's): tokens issued before do not count any more. */
  private readonly ended = new Map<string, number>();
  private lastIssue = 0;

  constructor(private readonly directory: Directory) {}

  /** Tokens without a page in between, for tests of what comes after it. */
  grant(grant: Grant): IssuedTokens {
    return this.issue(grant, null);
  }

  /** An authorization code for what was agreed to. */
  approve(approval: Approval): string {
    const code = `0.code.${randomBytes(48).toString('base64url')}`;
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
    const grant = this.read(refreshToken, 'refresh');
    if (grant?.clientId !== clientId || this.spent.has(refreshToken)) {
      const text = 'The provided grant has expired due to it being revoked';
      return { error: 'invalid_grant', number: 50173, text, suberror: 'bad_token' };
    }
    if (this.refreshTokens === 'strict') this.spent.add(refreshToken);
    return this.issue({ clientId, accountId: grant.accountId, scopes: grant.scopes }, null);
  }

  /** Whose refresh token it is; null: nobody's. */
  ownerOf(refreshToken: string): Account | null {
    const grant = this.read(refreshToken, 'refresh');
    return grant ? this.directory.account(grant.accountId) : null;
  }

  /** What an access token is good for; null: nothing (any more). */
  grantOf(accessToken: string | null): { readonly grant: Grant; readonly account: Account } | null {
    const grant = accessToken === null ? null : this.read(accessToken, 'access');
    const account = grant && this.directory.account(grant.accountId);
    return grant && account ? { grant, account } : null;
  }

  /** An administrator revokes the person's sessions: no token of theirs is good any more. */
  revoke(accountId: string): void {
    this.ended.set(`refresh ${accountId}`, this.lastIssue);
    this.expireAccessTokens(accountId);
  }

  /** Access tokens end at once; refresh tokens stay good. */
  expireAccessTokens(accountId = '*'): void {
    this.ended.set(`access ${accountId}`, this.lastIssue);
  }

  private issue(grant: Grant, nonce: string | null): IssuedTokens {
    const now = Date.now();
    this.lastIssue = Math.max(now, this.lastIssue + 1);
    const issuedAt = this.lastIssue;
    const until = now + this.accessTokenLifetime * 1_000;
    const offline = grant.scopes.some((scope) => bareScope(scope) === 'offline_access');
    return {
      accessToken: written({ ...grant, use: 'access', issuedAt, until }),
      refreshToken: offline ? written({ ...grant, use: 'refresh', issuedAt, until: null }) : null,
      expiresIn: this.accessTokenLifetime,
      grant,
      nonce,
    };
  }

  private read(token: string, use: Ticket['use']): Ticket | null {
    const ticket = ticketIn(token);
    if (ticket?.use !== use || (ticket.until ?? Infinity) < Date.now()) return null;
    const ends = [this.ended.get(`${use} ${ticket.accountId}`), this.ended.get(`${use} *`)];
    return ends.some((end) => end !== undefined && ticket.issuedAt <= end) ? null : ticket;
  }
}

const written = (ticket: Ticket): string =>
  `sim.${Buffer.from(JSON.stringify(ticket)).toString('base64url')}.${randomBytes(24).toString('base64url')}`;

function ticketIn(token: string): Ticket | null {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Ticket;
  } catch {
    return null; // no token of ours
  }
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
