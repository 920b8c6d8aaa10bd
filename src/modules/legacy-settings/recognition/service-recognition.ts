import { Injectable } from '@nestjs/common';
import { Resolver } from 'node:dns/promises';
import { type OAuthService, oauthServiceOf } from '../../../gateways/index.js';
import { type HostResolver, systemResolver } from '../../../platform/security/public-address/index.js';
import { reject } from '../legacy-settings.errors.js';

/** Name lookups that recognition needs. Rejections carry the `code` of node:dns. */
export abstract class RecognitionResolver {
  abstract readonly hosts: HostResolver;
  /** The hosts that take the domain's mail, best first (MX, RFC 5321, 5.1). */
  abstract mailExchangers(domain: string): Promise<readonly string[]>;
}

/** Names that nobody has, by decree (RFC 2606): nothing to ask about, where a name service may not even be in reach. */
const NOBODYS = /(^|\.)(example|invalid|localhost|test)$/;
/** Evidence, not worth the half minute that the default patience with a dead name server takes. */
const exchangerResolver = new Resolver({ timeout: 2_000, tries: 2 });

@Injectable()
export class SystemRecognitionResolver extends RecognitionResolver {
  readonly hosts = systemResolver;

  async mailExchangers(domain: string): Promise<readonly string[]> {
    if (NOBODYS.test(domain)) return [];
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
/** There is no such name, it has nothing of the kind, or it is none that a name service could know. */
const NOTHING_THERE = new Set<unknown>(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/**
 * Tells which service an old setting belongs to (R12): by the name of its server, by what that is an alias of, and,
 * where neither says anything, by who takes the mail of the address's domain: a company whose mail goes to Office365
 * has its mailboxes there, whatever the server was once called. Where the name service does not answer, nothing is
 * known, and nothing is guessed: taken for "other", a person of Office365 would have the password stored, and no later
 * import would put that right. One object serves one upload and remembers what it was told.
 */
export class ServiceRecognition {
  private readonly remembered = new Map<string, Promise<unknown>>();

  constructor(private readonly resolver: RecognitionResolver) {}

  /** Rejects with `legacy_name_service_silent` where the name service failed to answer; the next line asks anew. */
  async recognise({ host, address }: { readonly host: string; readonly address: string }): Promise<Recognition> {
    const named = await oauthServiceOf(host, NO_ALIASES);
    if (named !== null) return { service: named, by: 'host' };
    const aliased = await this.once(`host ${host}`, () => this.serviceOfAliases(host));
    if (aliased !== null) return { service: aliased, by: 'alias' };
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    const exchanging = await this.once(`domain ${domain}`, () => this.serviceOfDomain(domain));
    return exchanging === null ? { service: 'other', by: null } : { service: exchanging, by: 'mx' };
  }

  private async serviceOfAliases(host: string): Promise<OAuthService | null> {
    let silent: string | null = null;
    const aliases = async (name: string): Promise<readonly string[]> => {
      const found = await orNothing(this.resolver.hosts.aliases(name));
      if (found === null) silent = name;
      return found ?? [];
    };
    const service = await oauthServiceOf(host, { ...NO_ALIASES, aliases });
    if (service === null && silent !== null) throw reject('legacy_name_service_silent', { name: silent });
    return service;
  }

  private async serviceOfDomain(domain: string): Promise<OAuthService | null> {
    const exchangers = await orNothing(this.resolver.mailExchangers(domain));
    if (exchangers === null) throw reject('legacy_name_service_silent', { name: domain });
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
    // Whoever waits for it is told; whoever comes later asks again.
    asked.catch(() => this.remembered.get(question) === asked && this.remembered.delete(question));
    return asked;
  }
}

/** What a lookup found; null: nobody knows, because the name service failed to answer (a time-out, SERVFAIL, …). */
async function orNothing(lookup: Promise<readonly string[]>): Promise<readonly string[] | null> {
  try {
    return await lookup;
  } catch (error) {
    return NOTHING_THERE.has((error as { readonly code?: unknown }).code) ? [] : null;
  }
}
