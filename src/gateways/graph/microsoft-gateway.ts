import { Injectable } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../../platform/config/index.js';
import { APP_REFUSED, GatewayError } from '../gateway.errors.js';
import type { AccessTokens } from '../oauth-account.js';
import { GraphConnection, type GraphEndpoint } from './graph-connection.js';
import { READING_PATIENCE } from './graph-retry.js';
import { INBOX_ITSELF, PROFILE } from './graph-paths.js';
import { refreshFailure } from './identity/identity-fault.js';
import { IdentityError, type MicrosoftApp, requestTokens, type TokenSet } from './identity/token-endpoint.js';
import { RequestLanes } from './request-lanes.js';

/** Who an access token belongs to, as Graph says. */
export interface MicrosoftProfile {
  readonly objectId: string;
  /** Primary address; null: the account has none. */
  readonly mail: string | null;
  readonly userPrincipalName: string;
}

/** HRBC's app at Microsoft, and what can be asked with a token besides reading mail. */
@Injectable()
export class MicrosoftGateway {
  readonly graph: GraphEndpoint;
  /** null: not configured, so Office365 cannot be connected. */
  readonly app: MicrosoftApp | null;
  readonly #authorityUrl: string;

  constructor(@InjectConfig() { office365 }: AppConfig) {
    this.graph = { url: office365.graphUrl, lanes: new RequestLanes(), patience: READING_PATIENCE };
    this.app = office365.app;
    this.#authorityUrl = office365.authorityUrl;
  }

  /** `…/{tenant}{path}` at the identity platform; tenant is an id, `common` or `organizations`. */
  authority(tenant: string, path: string): string {
    return `${this.#authorityUrl}/${encodeURIComponent(tenant)}${path}`;
  }

  /** Redeems an authorization code. @throws IdentityError */
  async redeem(form: Readonly<Record<string, string>>): Promise<TokenSet> {
    return requestTokens(this.authority('common', '/oauth2/v2.0/token'), this.#configuredApp(), {
      ...form,
      grant_type: 'authorization_code',
    });
  }

  /** New tokens for a stored grant, at the tenant that gave it. Rejects with GatewayError. */
  async refresh(tenant: string, refreshToken: string): Promise<TokenSet> {
    try {
      return await requestTokens(this.authority(tenant, '/oauth2/v2.0/token'), this.#configuredApp(), {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      });
    } catch (error) {
      if (error instanceof IdentityError) throw new GatewayError(refreshFailure(error.fault));
      throw error;
    }
  }

  /** Whose token it is. Rejects with GatewayError. */
  async profileOf(accessToken: string): Promise<MicrosoftProfile> {
    const { id, mail, userPrincipalName } = await this.#connection(accessToken).json(PROFILE);
    if (typeof id !== 'string' || typeof userPrincipalName !== 'string') {
      throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
    }
    return { objectId: id, mail: typeof mail === 'string' ? mail : null, userPrincipalName };
  }

  /** Rejects with GatewayError `MailboxNotSupported` where there is no mailbox that Graph serves (R08). */
  async mustHaveInbox(accessToken: string): Promise<void> {
    await this.#connection(accessToken).json(INBOX_ITSELF);
  }

  #connection(accessToken: string): GraphConnection {
    return new GraphConnection({
      endpoint: this.graph,
      mailbox: 'consent',
      tokens: freshly(accessToken),
      signal: new AbortController().signal,
      requestMs: 15_000,
      patience: { tries: 3, longestWaitMs: 5_000, firstPauseMs: 200 },
    });
  }

  #configuredApp(): MicrosoftApp {
    if (this.app === null) throw new GatewayError({ kind: 'Rejected', code: APP_REFUSED });
    return this.app;
  }
}

/** A token that was given this moment; refused, there is no other. */
const freshly = (accessToken: string): AccessTokens => ({
  current: async () => accessToken,
  renewed: async () => Promise.reject(new GatewayError({ kind: 'AuthorizationLost', detail: 'token_refused' })),
});
