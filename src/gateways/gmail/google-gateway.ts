import { Injectable } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../../platform/config/index.js';
import { GatewayError } from '../gateway.errors.js';
import type { AccessTokens } from '../oauth-account.js';
import type { GmailEndpoint } from './gmail-account.js';
import { GmailApi } from './gmail-api.js';
import { gmailPrices, NEW_PROJECT } from './gmail-prices.js';
import { type GrantAge, refreshFailure } from './identity/google-fault.js';
import {
  type GoogleClient,
  GoogleIdentityError,
  type GoogleTokens,
  requestGoogleTokens,
  revokeGoogleToken,
} from './identity/google-token-endpoint.js';
import { QuotaMeter } from './quota-meter.js';
import { QuotaMeters } from './quota-meters.js';

/** Google as the modules see it besides reading mail; which company's client is used, they say. */
@Injectable()
export class GoogleGateway {
  readonly gmail: GmailEndpoint;
  readonly authUrl: string;
  readonly #tokenUrl: string;
  readonly #meters = new QuotaMeters();

  constructor(@InjectConfig() { google }: AppConfig) {
    this.gmail = { url: google.gmailUrl };
    this.authUrl = google.authUrl;
    this.#tokenUrl = google.tokenUrl;
  }

  /** Redeems an authorization code. @throws GoogleIdentityError */
  async redeem(client: GoogleClient, form: Readonly<Record<string, string>>): Promise<GoogleTokens> {
    return requestGoogleTokens(this.#tokenUrl, client, { ...form, grant_type: 'authorization_code' });
  }

  /** A new access token for a stored grant. Rejects with GatewayError. */
  async refresh(client: GoogleClient, refreshToken: string, age: GrantAge): Promise<GoogleTokens> {
    try {
      return await requestGoogleTokens(this.#tokenUrl, client, {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      });
    } catch (error) {
      if (error instanceof GoogleIdentityError) throw new GatewayError(refreshFailure(error.fault, age));
      throw error;
    }
  }

  /** Ends all that the person of this token has granted to its client. Rejects with GatewayError. */
  async revoke(token: string): Promise<void> {
    try {
      await revokeGoogleToken(new URL('revoke', this.#tokenUrl).href, token);
    } catch (error) {
      if (!(error instanceof GoogleIdentityError)) throw error;
      throw new GatewayError({ kind: 'Unavailable', detail: 'token_revocation' });
    }
  }

  /** The primary address of the mailbox that a token opens. Rejects with GatewayError. */
  async addressOf(accessToken: string): Promise<string> {
    const api = new GmailApi({
      account: { tokens: freshly(accessToken), quota: new QuotaMeter(NEW_PROJECT) },
      endpoint: this.gmail,
      signal: new AbortController().signal,
      requestMs: 15_000,
    });
    return (await api.profile()).address;
  }

  /**
   * What a mailbox may still ask for in this minute.
   * @param perMinuteAndUser as the company entered it for its project; null: it did not
   */
  quotaOf(mailbox: string, perMinuteAndUser: number | null): QuotaMeter {
    return this.#meters.of(mailbox, gmailPrices(perMinuteAndUser));
  }
}

/** A token that was given this moment; refused, there is no other. */
const freshly = (accessToken: string): AccessTokens => ({
  current: async () => accessToken,
  renewed: async () => Promise.reject(new GatewayError({ kind: 'AuthorizationLost', detail: 'access_token_refused' })),
});
