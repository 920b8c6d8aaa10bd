import ipaddr from 'ipaddr.js';
import { canonicalAddress, type Host, parseHost } from './host.js';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * The operator's exceptions to the refusal of private addresses (MAIL_HOSTS_ALLOWED_PRIVATE): host names, addresses
 * and networks in CIDR notation. A host name exempts whatever it resolves to.
 */
export class PrivateExemptions {
  readonly #names = new Set<string>();
  readonly #networks: Network[] = [];

  /** Throws an Error that names the entry which is none of the three. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const host = parseHost(entry);
      if (host?.kind === 'name') this.#names.add(host.name);
      else if (host) this.#networks.push(single(host.address));
      else if (ipaddr.isValidCIDR(entry)) this.#networks.push(ipaddr.parseCIDR(entry));
      else throw new Error(`"${entry}" is neither a host name nor an address nor a network in CIDR notation`);
    }
  }

  /** Whether `address`, reached as `host`, is exempt. */
  covers(host: Host, address: string): boolean {
    if (host.kind === 'name' && this.#names.has(host.name)) return true;
    const parsed = ipaddr.process(canonicalAddress(address));
    return this.#networks.some(([network, bits]) => parsed.kind() === network.kind() && parsed.match(network, bits));
  }
}

function single(address: string): Network {
  const parsed = ipaddr.parse(address);
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128];
}
