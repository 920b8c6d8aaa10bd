import { type BilingualText } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { type Strategy } from 'passport';
import { type OAuthService } from '../../../gateways/index.js';
import { type ProviderAccount } from '../user-mail-setting.events.js';
import { type ConsentRefusal } from './consent-refusal.js';

/** A provider whose consent gives access to a mailbox (R01). Each has one implementation; nobody else knows OAuth. */
export interface OAuthProvider {
  readonly service: OAuthService;
  /** Its part of the paths `/oauth/{path}/start` and `/oauth/{path}/callback`. */
  readonly path: string;
  /** What the person should know before the provider's pages come; absent: they explain themselves. */
  readonly notice?: BilingualText;
  /** Refuses with a Rejection when the company, or the service, is not set up for it. */
  mustBeReady(company: string): Promise<void>;
  /** The strategy that sends the browser off. `remember` is to be told what the answer will have to fit. */
  departure(consent: ConsentRequest, remember: Remember): Promise<BuiltStrategy>;
  /** The strategy that takes the browser back, and succeeds with GrantedTokens. */
  arrival(consent: ConsentRequest, memory: ConsentMemory): Promise<BuiltStrategy>;
  /** What an error that the browser brings back means; null: it brings none. */
  refusalOf(query: Request['query']): ConsentRefusal | null;
  /** Whose mailbox it is and whether it can be used. Rejects with a ConsentRefused. */
  examine(consent: ConsentRequest, granted: GrantedTokens): Promise<ExaminedConsent>;
  /**
   * Gives back at the provider what was granted and is of no use here, so that no permission stays behind that nobody
   * holds. Absent where the provider knows no such thing. Rejects with GatewayError.
   */
  handBack?(granted: GrantedTokens): Promise<void>;
  /** New tokens for old. Rejects with GatewayError. */
  refresh(company: string, tokens: StoredTokens): Promise<StoredTokens>;
}

/** Who is to consent. */
export interface ConsentRequest {
  readonly company: string;
  readonly userId: string;
  readonly mailServerId: string;
  /** The user's own address, which has to be the consenting one (R25). */
  readonly address: string;
}

/** What a departure leaves behind for the arrival; secret, kept for ten minutes. */
export interface ConsentMemory {
  readonly state: string;
  /** RFC 7636. */
  readonly codeVerifier: string;
  /** OpenID Connect Core, 3.1.2.1; null where the provider needs none. */
  readonly nonce: string | null;
}
export type Remember = (memory: ConsentMemory) => Promise<void>;

/** A passport strategy made for one request. */
export interface BuiltStrategy {
  readonly strategy: Strategy;
  readonly options?: object;
  /** Done before the browser is sent off. */
  readonly beforeRedirect?: () => Promise<void>;
  /** Why it failed, where the library drops the reason; null: it says so itself. */
  readonly reason?: () => unknown;
}

/** What a provider gives for an authorization code. */
export interface GrantedTokens {
  readonly tokens: StoredTokens;
  readonly grantedScopes: readonly string[];
  /** Claims of the id token, checked by the strategy. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** As the credential vault keeps them; never in an event, a log or an answer. */
export interface StoredTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** Microsoft's tenant, at whose endpoint they are refreshed; null where there is none. */
  readonly tenantId: string | null;
  /** Of a grant of Google's: for which of the company's clients it was given, and when (RFC 3339). */
  readonly google?: { readonly clientId: string; readonly grantedAt: string };
}

export interface ExaminedConsent {
  readonly providerAccount: ProviderAccount;
  readonly grantedScopes: readonly string[];
}

/** The providers that are there; each registers itself. */
@Injectable()
export class OAuthProviders {
  private readonly providers: OAuthProvider[] = [];

  register(provider: OAuthProvider): void {
    this.providers.push(provider);
  }

  of(service: OAuthService): OAuthProvider {
    const found = this.providers.find((provider) => provider.service === service);
    if (!found) throw new Error(`There is no OAuth provider for ${service}.`);
    return found;
  }

  /** null: no provider has this path. */
  at(path: string): OAuthProvider | null {
    return this.providers.find((provider) => provider.path === path) ?? null;
  }
}
