import { type HostResolver, parseHost, systemResolver } from '../platform/security/public-address/index.js';

/** The services that take no password any more; the company registers them by name instead (R10). */
export type OAuthService = 'office365' | 'gmail';

/**
 * The domains under which Microsoft and Google serve IMAP and POP3, subdomains included.
 * Microsoft: support.microsoft.com "POP, IMAP, and SMTP settings for Outlook.com";
 * learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online.
 * Google: support.google.com/mail/answer/7126229; imap.gmail.com was long an alias of gmail-imap.l.google.com.
 */
const DOMAINS: Readonly<Record<OAuthService, readonly string[]>> = {
  office365: [
    'office365.com',
    'office365.us',
    'office.com',
    'outlook.com',
    'outlook.cn',
    'outlook.de',
    'hotmail.com',
    'live.com',
    'exchangelabs.com',
  ],
  gmail: ['gmail.com', 'googlemail.com', 'google.com'],
};
const SERVICES = Object.keys(DOMAINS) as OAuthService[];

/** A chain of aliases longer than this is a mistake or an attack (RFC 1034, 3.6.2 wants one link). */
const LONGEST_CHAIN = 8;

/**
 * Which of the two services a host belongs to, by its name or by what the name is an alias of (CNAME); null for
 * every other host. Lookups that fail count as "no alias": whether the host can be reached is asked elsewhere.
 */
export async function oauthServiceOf(
  input: string,
  resolver: HostResolver = systemResolver,
): Promise<OAuthService | null> {
  const host = parseHost(input);
  if (host?.kind !== 'name') return null;
  const seen = new Set<string>();
  let names: readonly string[] = [host.name];
  while (names.length > 0 && seen.size < LONGEST_CHAIN) {
    const service = names.map(serviceOfName).find((found) => found !== null);
    if (service) return service;
    for (const name of names) seen.add(name);
    const next = await Promise.all(names.map((name) => aliasesOf(name, resolver)));
    names = next.flat().filter((name) => !seen.has(name));
  }
  return null;
}

function serviceOfName(name: string): OAuthService | null {
  const belongsTo = (domain: string): boolean => name === domain || name.endsWith(`.${domain}`);
  return SERVICES.find((service) => DOMAINS[service].some(belongsTo)) ?? null;
}

async function aliasesOf(name: string, resolver: HostResolver): Promise<readonly string[]> {
  const found = await resolver.aliases(name).catch(() => []);
  return found.map((alias) => alias.toLowerCase().replace(/\.$/, ''));
}
