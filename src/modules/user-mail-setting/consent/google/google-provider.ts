import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { GatewayError, GoogleGateway, GoogleIdentityError, type GoogleTokens } from '../../../../gateways/index.js';
import { type AppConfig, InjectConfig } from '../../../../platform/config/index.js';
import { type GoogleApp, GoogleApps, googleRedirectUri } from '../../../mail-server/index.js';
import { rejectWith } from '@libs/eventsourcing';
import { googleAppProblems } from '../../google-problems.errors.js';
import { type ConsentRefusal, ConsentUnusable } from '../consent-refusal.js';
import {
  type BuiltStrategy,
  type ConsentMemory,
  type ConsentRequest,
  type ExaminedConsent,
  type GrantedTokens,
  type OAuthProvider,
  OAuthProviders,
  type Remember,
  type StoredTokens,
} from '../oauth-provider.js';
import { newSecret } from '../pending-consents.js';
import { arrivalRefusal, examinationRefusal, redemptionRefusal } from './google-refusals.js';
import { googleNotice } from './google-notice.js';
import { googleStrategy } from './google-strategy.js';
import { identityClaims } from './id-token.js';

const reject = rejectWith(googleAppProblems);
const SCOPE_BASE = 'https://www.googleapis.com/auth/';
/** Reading mail and settings, and sending (R26); each has a tick of its own on Google's page. */
export const GMAIL_PERMISSIONS = ['gmail.readonly', 'gmail.send'] as const;
const SCOPES = ['openid', 'email', ...GMAIL_PERMISSIONS.map((name) => SCOPE_BASE + name)];

/** Consent at Google (R24–R27), by each company's own app (R16). */
@Injectable()
export class GoogleProvider implements OAuthProvider {
  readonly service = 'gmail';
  readonly path = 'google';
  readonly notice = googleNotice;
  private readonly redirectUri: string;

  constructor(
    private readonly google: GoogleGateway,
    private readonly apps: GoogleApps,
    providers: OAuthProviders,
    @InjectConfig() { http }: AppConfig,
  ) {
    this.redirectUri = googleRedirectUri(http.publicUrl);
    providers.register(this);
  }

  async mustBeReady(company: string): Promise<void> {
    if ((await this.apps.of(company)) === null) throw reject('google_app_missing');
  }

  async departure({ company, address }: ConsentRequest, remember: Remember): Promise<BuiltStrategy> {
    const keep = async (codeVerifier: string): Promise<string> => {
      const state = newSecret();
      await remember({ state, codeVerifier, nonce: null });
      return state;
    };
    // A refresh token comes with the first consent only, unless the page is shown anew (oauth2/web-server).
    const options = { accessType: 'offline', prompt: 'consent', loginHint: address };
    return { strategy: this.strategy(await this.appOf(company), { keep }), options };
  }

  async arrival({ company }: ConsentRequest, { codeVerifier }: ConsentMemory): Promise<BuiltStrategy> {
    const app = await this.appOf(company);
    let reason: ConsentUnusable | undefined;
    const redeem = async (code: string, verifier: string): Promise<GoogleTokens> => {
      const form = { code, code_verifier: verifier, redirect_uri: this.redirectUri };
      try {
        return await this.google.redeem(app, form);
      } catch (error) {
        if (error instanceof GoogleIdentityError) reason = new ConsentUnusable(redemptionRefusal(error.fault));
        throw error;
      }
    };
    return { strategy: this.strategy(app, { codeVerifier, redeem }), reason: () => reason };
  }

  refusalOf({ error }: Request['query']): ConsentRefusal | null {
    return typeof error === 'string' ? arrivalRefusal(error) : null;
  }

  async examine(
    { address }: ConsentRequest,
    { tokens, claims, grantedScopes }: GrantedTokens,
  ): Promise<ExaminedConsent> {
    const missingPermissions = GMAIL_PERMISSIONS.filter((name) => !grantedScopes.includes(SCOPE_BASE + name));
    if (missingPermissions.length > 0) throw new ConsentUnusable({ code: 'permission_missing', missingPermissions });
    // Asked for by prompt and access type; without it nothing could be received an hour later.
    if (tokens.refreshToken === '') throw new ConsentUnusable({ code: 'provider_unavailable' });
    const mailbox = await this.addressOf(tokens);
    if (mailbox.toLowerCase() !== address.toLowerCase()) {
      throw new ConsentUnusable({ code: 'address_mismatch', consentedAddress: mailbox });
    }
    const { sub } = claims;
    if (typeof sub !== 'string') throw new ConsentUnusable({ code: 'provider_unavailable' });
    return { providerAccount: { tenantId: null, accountId: sub }, grantedScopes };
  }

  async handBack({ tokens }: GrantedTokens): Promise<void> {
    await this.google.revoke(tokens.refreshToken === '' ? tokens.accessToken : tokens.refreshToken);
  }

  async refresh(company: string, tokens: StoredTokens): Promise<StoredTokens> {
    const app = await this.apps.of(company);
    if (app === null) throw new GatewayError({ kind: 'Rejected', code: 'google_app_missing' });
    const { refreshToken, google, expiresAt } = tokens;
    // Google would call it a fault of the client, which it is not.
    if (google && google.clientId !== app.clientId) {
      throw new GatewayError({ kind: 'AuthorizationLost', detail: 'other_client', remedy: 'google_client_changed' });
    }
    const now = Date.now();
    const age = {
      sinceConsent: google ? now - Date.parse(google.grantedAt) : null,
      sinceUse: now - Date.parse(expiresAt),
    };
    const renewed = await this.google.refresh(app, refreshToken, age);
    return { ...storedTokens(renewed, refreshToken), ...(google && { google }) };
  }

  /** Between the click and the browser's return the setting may have gone. */
  private async appOf(company: string): Promise<GoogleApp> {
    const app = await this.apps.of(company);
    if (app === null) throw new ConsentUnusable({ code: 'google_app_missing' });
    return app;
  }

  private async addressOf({ accessToken }: StoredTokens): Promise<string> {
    try {
      return await this.google.addressOf(accessToken);
    } catch (error) {
      if (error instanceof GatewayError) throw new ConsentUnusable(examinationRefusal(error.failure));
      throw error;
    }
  }

  private strategy(
    client: GoogleApp,
    parts: Pick<Parameters<typeof googleStrategy>[0], 'keep' | 'codeVerifier' | 'redeem'>,
  ) {
    const { redirectUri } = this;
    const granted = (tokens: GoogleTokens): GrantedTokens => grantedTokens(tokens, client.clientId);
    return googleStrategy({ client, redirectUri, authUrl: this.google.authUrl, scopes: SCOPES, granted, ...parts });
  }
}

function grantedTokens(tokens: GoogleTokens, clientId: string): GrantedTokens {
  return {
    tokens: { ...storedTokens(tokens, ''), google: { clientId, grantedAt: new Date().toISOString() } },
    grantedScopes: tokens.scopes,
    claims: identityClaims(tokens.idToken, clientId),
  };
}

/** A refresh that gives no new refresh token leaves the old one in force (RFC 6749, 6). */
function storedTokens({ accessToken, refreshToken, expiresAt }: GoogleTokens, before: string): StoredTokens {
  return { accessToken, refreshToken: refreshToken ?? before, expiresAt: expiresAt.toISOString(), tenantId: null };
}
