import ipaddr from 'ipaddr.js';

/** Addresses out of public ranges that nevertheless answer only inside a data centre. */
const METADATA_SERVICES: ReadonlySet<string> = new Set([
  '168.63.129.16', // Azure: learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
]);

/** All of the public IPv6 internet (RFC 4291, 2.4 as allotted by IANA); outside it nothing is reachable for everybody. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address belongs to the public internet (R19): not private, loopback, link-local, carrier-grade,
 * documentation, benchmark, multicast or reserved, and not an IPv6 address that wraps an IPv4 one on its way
 * (NAT64, 6to4, Teredo), since what is reached then is decided by a translator. `::ffff:a.b.c.d` and `::a.b.c.d` are judged
 * as a.b.c.d, which is also what canonicalAddress makes of them and what is connected to.
 * What is no address at all is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || METADATA_SERVICES.has(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}
