import { Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { rejectHttp } from '../../../platform/http/index.js';
import { browserOf, markBrowser } from './browser-cookie.js';
import { ConsentUnusable } from './consent-refusal.js';
import { DelegatingStrategy } from './delegating-strategy.js';
import { type BuiltStrategy, type OAuthProvider, OAuthProviders } from './oauth-provider.js';
import { type PendingConsent, PendingConsents } from './pending-consents.js';

/** The name by which passport knows it. */
export const CONSENT = 'consent';

export type Leg = 'departure' | 'arrival';

/** From the ticket to the provider, and from the provider back: who it is about, and what the strategy needs. */
@Injectable()
export class ConsentFlow {
  private readonly consents = new WeakMap<Request, PendingConsent>();

  constructor(
    private readonly pending: PendingConsents,
    private readonly providers: OAuthProviders,
    @InjectConfig() private readonly config: AppConfig,
  ) {
    new DelegatingStrategy(CONSENT, async (request, options) => {
      const provider = this.providerOf(request);
      const { leg } = options as { readonly leg: Leg };
      return leg === 'departure' ? this.departure(provider, request) : this.arrival(provider, request);
    });
  }

  /** Whose consent the request belongs to; null: to none that is good any more. */
  consentOf(request: Request): PendingConsent | null {
    return this.consents.get(request) ?? null;
  }

  /** Where the browser goes on. */
  async returnUrlOf(request: Request): Promise<string> {
    const known = this.consentOf(request)?.returnUrl ?? (await this.lateReturnUrl(request));
    return known ?? `${this.config.http.publicUrl}/`;
  }

  private async departure(provider: OAuthProvider, request: Request): Promise<BuiltStrategy> {
    const departure = await this.pending.depart(textOf(request.query['ticket']), provider.service);
    if (departure === null) throw new ConsentUnusable({ code: 'authorization_expired' });
    this.consents.set(request, departure.consent);
    const browser = markBrowser(request, request.res as Response, this.config.http.publicUrl.startsWith('https:'));
    return provider.departure(departure.consent, async (memory) => departure.away(memory, browser));
  }

  private async arrival(provider: OAuthProvider, request: Request): Promise<BuiltStrategy> {
    const { state, code } = request.query;
    const arrived = await this.pending.arrive(textOf(state), browserOf(request) ?? '', provider.service);
    if (arrived === null) throw new ConsentUnusable({ code: 'authorization_expired' });
    this.consents.set(request, arrived.consent);
    const refusal = provider.refusalOf(request.query);
    if (refusal !== null) throw new ConsentUnusable(refusal);
    // Without a code the strategies would take the request for a departure.
    if (typeof code !== 'string' || code === '') throw new ConsentUnusable({ code: 'provider_unavailable' });
    return provider.arrival(arrived.consent, arrived.memory);
  }

  private providerOf(request: Request): OAuthProvider {
    const provider = this.providers.at(textOf(request.params['provider']));
    if (provider === null) throw rejectHttp('route_not_found');
    return provider;
  }

  private async lateReturnUrl(request: Request): Promise<string | null> {
    const { ticket, state } = request.query;
    if (typeof ticket === 'string') return this.pending.returnUrlOf({ ticket });
    const browser = browserOf(request);
    return typeof state === 'string' && browser !== null ? this.pending.returnUrlOf({ state, browser }) : null;
  }
}

/** A parameter that is given twice, or not at all, is none. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
