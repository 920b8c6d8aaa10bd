import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AccessTokens, GatewayError } from '../../../gateways/index.js';
import { newId } from '../../../platform/ids.js';
import { Leases } from '../../../platform/scheduling/index.js';
import { CredentialVault } from '../../../platform/security/index.js';
import { OAuthProviders, type StoredTokens } from '../consent/oauth-provider.js';
import { type OAuthAccount } from '../user-mail-setting.decider.js';

/** An access token is renewed this long before its end, so that none ends under way. */
const BEFORE_END_MS = 5 * 60_000;
/** Longer than the token endpoint is waited for; a crash delays the next refresh by as much. */
const LEASE_MS = 45_000;
const LOOK_AGAIN_MS = 150;

/**
 * The access tokens of mailboxes. One refresh at a time for a mailbox, over all instances: the others wait and take what
 * the first one got. The new refresh token is kept before anybody uses what came with it.
 */
@Injectable()
export class MailboxTokens {
  private readonly holder = newId();

  constructor(
    private readonly vault: CredentialVault,
    private readonly leases: Leases,
    private readonly providers: OAuthProviders,
  ) {}

  /** For one pass over the mailbox: it asks the vault once, and again when the token ends. */
  of(company: string, account: OAuthAccount): AccessTokens {
    const mailbox = { company, account };
    let held: Promise<StoredTokens> | undefined;
    let renewing: Promise<StoredTokens> | undefined;
    const hold = (tokens: Promise<StoredTokens>): Promise<StoredTokens> => {
      held = tokens;
      // A failure is told to who waits for it, and is not remembered: the next one asks again.
      tokens.catch(() => {
        if (held === tokens) held = undefined;
      });
      return tokens;
    };
    const renewed = async (refused: string): Promise<string> => {
      renewing ??= hold(this.renew(mailbox, refused).finally(() => (renewing = undefined)));
      return (await renewing).accessToken;
    };
    return {
      renewed,
      current: async () => {
        const tokens = await (held ?? hold(this.stored(mailbox)));
        return isFresh(tokens) ? tokens.accessToken : renewed(tokens.accessToken);
      },
    };
  }

  private async renew(mailbox: Mailbox, refused: string): Promise<StoredTokens> {
    const name = `tokens|${mailbox.company}|${mailbox.account.credentialRef}`;
    for (const giveUpAt = Date.now() + 2 * LEASE_MS; Date.now() < giveUpAt;) {
      const lease = await this.leases.take(name, this.holder, LEASE_MS);
      if (lease !== null) {
        try {
          return await this.renewAlone(mailbox, refused);
        } finally {
          await this.leases.release(name, this.holder, lease.fence);
        }
      }
      await sleep(LOOK_AGAIN_MS);
      const tokens = await this.stored(mailbox);
      if (isUsable(tokens, refused)) return tokens;
    }
    throw new GatewayError({ kind: 'Unavailable', detail: 'token_refresh_busy' });
  }

  private async renewAlone({ company, account }: Mailbox, refused: string): Promise<StoredTokens> {
    const tokens = await this.stored({ company, account });
    if (isUsable(tokens, refused)) return tokens;
    const renewed = await this.refreshed({ company, account }, tokens);
    if (renewed === null) return this.stored({ company, account });
    // False: released, or replaced by a new consent, while the provider was asked.
    if (!(await this.vault.replace(company, account.credentialRef, renewed))) throw credentialGone();
    return renewed;
  }

  /** null: refused, but another instance, whose lease ran out while it was asking, has got newer ones meanwhile. */
  private async refreshed({ company, account }: Mailbox, tokens: StoredTokens): Promise<StoredTokens | null> {
    try {
      return await this.providers.of(account.service).refresh(company, tokens);
    } catch (error) {
      const isLost = error instanceof GatewayError && error.failure.kind === 'AuthorizationLost';
      const now = isLost ? await this.stored({ company, account }) : tokens;
      if (now.refreshToken === tokens.refreshToken) throw error;
      return null;
    }
  }

  private async stored({ company, account }: Mailbox): Promise<StoredTokens> {
    const tokens = await this.vault.open<StoredTokens>(company, account.credentialRef);
    if (tokens === null) throw credentialGone();
    return tokens;
  }
}

interface Mailbox {
  readonly company: string;
  readonly account: OAuthAccount;
}

const isFresh = ({ expiresAt }: StoredTokens): boolean => Date.parse(expiresAt) - BEFORE_END_MS > Date.now();
const isUsable = (tokens: StoredTokens, refused: string): boolean => tokens.accessToken !== refused && isFresh(tokens);
const credentialGone = (): GatewayError => new GatewayError({ kind: 'AuthorizationLost', detail: 'credential_gone' });
