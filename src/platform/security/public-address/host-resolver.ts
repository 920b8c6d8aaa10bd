import { lookup, Resolver } from 'node:dns/promises';

/** How names become addresses. Rejections carry the `code` of node:dns. */
export interface HostResolver {
  /** Every address the name has. */
  addresses(name: string): Promise<readonly string[]>;
  /** The names that `name` is an alias of by CNAME records; empty where it is none. */
  aliases(name: string): Promise<readonly string[]>;
}

/** Aliases are a hint (R10), not worth the half minute that the default patience with a dead name server takes. */
const aliasResolver = new Resolver({ timeout: 2000, tries: 2 });

/**
 * The operating system's way, hosts file included. IPv4 comes first: the egress addresses that companies allow (R20)
 * are IPv4.
 */
export const systemResolver: HostResolver = {
  async addresses(name) {
    const found = await lookup(name, { all: true, order: 'ipv4first' });
    return found.map(({ address }) => address);
  },
  aliases: (name) => aliasResolver.resolveCname(name),
};
