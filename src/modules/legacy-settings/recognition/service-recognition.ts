import { Injectable } from '@nestjs/common';
import { Resolver } from 'node:dns/promises';
import { type OAuthService, oauthServiceOf } from '../../../gateways/index.js';
import { type HostResolver, systemResolver } from '../../../platform/security/public-address/index.js';

/** Name lookups that recognition needs. Their failures count as "nothing found". */
export abstract class RecognitionResolver {
  abstract readonly hosts: HostResolver;
  /** The hosts that take the domain's mail, best first (MX, RFC 5321, 5.1). */
  abstract mailExchangers(domain: string): Promise<readonly string[]>;
}

/** Evidence, not worth the half minute that the default patience with a dead name server takes. */
const exchangerResolver = new Resolver({ timeout: 2_000, tries: 2 });

@Injectable()
export class SystemRecognitionResolver extends RecognitionResolver {
  readonly hosts = systemResolver;

  async mailExchangers(domain: string): Promise<readonly string[]> {
    const found = await exchangerResolver.resolveMx(domain);
    return found.sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
  }
}

/** By which evidence a service was recognised. */
export type RecognisedBy = 'host' | 'alias' | 'mx';
export type Recognition =
  { readonly service: OAuthService; readonly by: RecognisedBy } | { readonly service: 'other'; readonly by: null };

const NO_ALIASES: HostResolver = { addresses: async () => [], aliases: async () => [] };
/**
 * Where Exchange Online takes mail under names that no mailbox is read by, and that therefore nobody registers:
 * learn.microsoft.com/exchange/exchange-online "inbound SMTP DANE with DNSSEC" (`*.mx.microsoft`).
 */
const MICROSOFT_EXCHANGERS = '.mx.microsoft';
const MOST_REMEMBERED = 10_000;

/**
 * Tells which service an old setting belongs to (R12): by the name of its server, by what that is an alias of, and,
 * where neither says anything, by who takes the mail of the address's domain: a company whose mail goes to Office365
 * has its mailboxes there, whatever the server was once called. Lookups that fail hold nothing up: they are as good
 * as "other", which keeps the setting working. One object serves one upload and remembers what it has asked.
 */
export class ServiceRecognition {
  private readonly remembered = new Map<string, Promise<unknown>>();

  constructor(private readonly resolver: RecognitionResolver) {}

  async recognise({ host, address }: { readonly host: string; readonly address: string }): Promise<Recognition> {
    const named = await oauthServiceOf(host, NO_ALIASES);
    if (named !== null) return { service: named, by: 'host' };
    const aliased = await this.once(`host ${host}`, () => oauthServiceOf(host, this.resolver.hosts));
    if (aliased !== null) return { service: aliased, by: 'alias' };
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    const exchanging = await this.once(`domain ${domain}`, () => this.serviceOfDomain(domain));
    return exchanging === null ? { service: 'other', by: null } : { service: exchanging, by: 'mx' };
  }

  private async serviceOfDomain(domain: string): Promise<OAuthService | null> {
    const exchangers = await this.resolver.mailExchangers(domain).catch((): readonly string[] => []);
    for (const exchanger of exchangers) {
      const name = exchanger.toLowerCase().replace(/\.$/, '');
      const service = name.endsWith(MICROSOFT_EXCHANGERS) ? 'office365' : await oauthServiceOf(name, NO_ALIASES);
      if (service !== null) return service;
    }
    return null;
  }

  private once<Value>(question: string, ask: () => Promise<Value>): Promise<Value> {
    const known = this.remembered.get(question) as Promise<Value> | undefined;
    if (known !== undefined) return known;
    if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
    const asked = ask();
    this.remembered.set(question, asked);
    return asked;
  }
}
