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

/** What a token says in itself, so that it is good in the simulator's next run too. */
interface Ticket extends Grant {
  readonly use: 'access' | 'refresh';
  /** Grows from token to token. */
  readonly issue: number;
  /** Milliseconds since 1970; null: for good. */
  readonly until: number | null;
}

const DAY_MS = 86_400_000;
const CODE_LIFETIME_MS = 10 * 60_000;
const REVOKED: TokenRefusal = {
  status: 400,
  error: 'invalid_grant',
  error_description: 'Token has been expired or revoked.',
};

/** Codes and tokens: who holds which, until when. */
export class GoogleTokenDesk {
  /** Seconds an access token lives. */
  accessTokenLifetime = 3_599;
  /** Google keeps a refresh token; `rotated` gives a new one at each use and ends the old, as RFC 6749, 6 allows. */
  refreshTokens: 'kept' | 'rotated' = 'kept';
  private readonly codes = new Map<string, { readonly approval: Approval; readonly until: number }>();
  private readonly spent = new Set<string>();
  /** By use, account (`access *` is everybody's) and client: tokens issued up to then do not count any more. */
  private readonly ended = new Map<string, number>();
  private readonly given: Ticket[] = [];
  private lastIssue = 0;

  constructor(
    private readonly accounts: GoogleAccounts,
    private readonly now: () => number,
  ) {}

  /** An authorization code for what was agreed to. */
  approve(approval: Approval): string {
    const code = `4/${randomBytes(48).toString('base64url')}`;
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
    const ticket = this.read(refreshToken, 'refresh');
    if (ticket?.clientId !== client.clientId || this.spent.has(refreshToken)) return REVOKED;
    const { clientId, email, scopes } = ticket;
    const grant = { clientId, email, scopes };
    if (this.refreshTokens === 'kept') return this.issue(grant, null);
    this.spent.add(refreshToken);
    return this.issue(grant, this.newRefreshToken(grant, client));
  }

  /** What an access token is good for; null: nothing (any more). */
  grantOf(accessToken: string | null): Grant | null {
    return accessToken === null ? null : this.read(accessToken, 'access');
  }

  /**
   * Every grant of the account ends: the person revoked it, or changed the password, which for Gmail scopes is the same
   * (developers.google.com/identity/protocols/oauth2#expiration).
   */
  revoke(email: string): void {
    this.ended.set(`refresh ${email}`, this.lastIssue);
    this.expireAccessTokens(email);
  }

  /**
   * Of the revocation endpoint: by either kind of token. It ends whatever the person has granted to that client, and not
   * this token alone. False: there is no such token.
   */
  revokeByToken(token: string): boolean {
    const ticket = this.read(token, 'refresh') ?? this.read(token, 'access');
    if (ticket === null) return false;
    for (const use of ['refresh', 'access'])
      this.ended.set(`${use} ${ticket.email} ${ticket.clientId}`, this.lastIssue);
    return true;
  }

  /** Access tokens end at once; refresh tokens stay good. */
  expireAccessTokens(email = '*'): void {
    this.ended.set(`access ${email}`, this.lastIssue);
  }

  /** Those of this run that a refresh token still stands for. */
  grantsOf(email: string): Grant[] {
    return this.given.filter((ticket) => ticket.email === email && this.isGood(ticket));
  }

  private newRefreshToken({ clientId, email, scopes }: Grant, client: Client): string {
    const until = audienceOf(client) === 'testing' ? this.now() + 7 * DAY_MS : null;
    const ticket: Ticket = { use: 'refresh', clientId, email, scopes, until, issue: this.nextIssue() };
    this.given.push(ticket);
    return written('1//', ticket);
  }

  private issue(grant: Grant, refreshToken: string | null): IssuedTokens {
    const until = this.now() + this.accessTokenLifetime * 1_000;
    const accessToken = written('ya29.', { ...grant, use: 'access', until, issue: this.nextIssue() });
    return { accessToken, refreshToken, expiresIn: this.accessTokenLifetime, grant };
  }

  private read(token: string, use: Ticket['use']): Ticket | null {
    const ticket = ticketIn(token);
    return ticket?.use === use && this.isGood(ticket) ? ticket : null;
  }

  private isGood({ use, email, clientId, until, issue }: Ticket): boolean {
    if (this.accounts.account(email) === null || (until !== null && until <= this.now())) return false;
    const ends = [`${use} ${email} ${clientId}`, `${use} ${email}`, `${use} *`].map((name) => this.ended.get(name));
    return !ends.some((end) => end !== undefined && issue <= end);
  }

  /** By the clock, so that tokens of an earlier run are older than all of this one. */
  private nextIssue(): number {
    this.lastIssue = Math.max(this.now(), this.lastIssue + 1);
    return this.lastIssue;
  }
}

const written = (prefix: string, ticket: Ticket): string =>
  `${prefix}${Buffer.from(JSON.stringify(ticket)).toString('base64url')}.${randomBytes(24).toString('base64url')}`;

function ticketIn(token: string): Ticket | null {
  try {
    const [encoded = ''] = token.replace(/^(1\/\/|ya29\.)/, '').split('.');
    return JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Ticket;
  } catch {
    return null; // no token of ours
  }
}

const malformed = (error_description: string): TokenRefusal => ({
  status: 400,
  error: 'invalid_grant',
  error_description,
});
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
