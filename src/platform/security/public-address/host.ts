import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';

/** What a person meant by a server's name: an address, however spelled, or a name to be looked up. */
export type Host =
  { readonly kind: 'address'; readonly address: string } | { readonly kind: 'name'; readonly name: string };

/**
 * Reads a host as typed. Gives lower-case ASCII names without the final dot, and canonical addresses; null for what
 * is neither. Spellings that systems take for IPv4 addresses (`127.1`, `0x7f000001`, `2130706433`, `0177.0.0.1`,
 * full-width digits) come out as addresses, as the URL standard's host parser reads them, so that no spelling
 * reaches a check as a name and the network as an address. IPv6 zones (`fe80::1%eth0`) are no hosts of anybody else.
 */
export function parseHost(input: string): Host | null {
  const text = input.trim();
  const unbracketed = /^\[.*\]$/.test(text) ? text.slice(1, -1) : text;
  if (isIP(unbracketed)) return unbracketed.includes('%') ? null : addressHost(unbracketed);
  // the URL parser would cut a path, a port or a user off, and what is left is not what was typed
  if (/[\s/\\:@?#%]/.test(text)) return null;
  const name = domainToASCII(text).replace(/\.$/, '');
  if (isIP(name) === 4) return addressHost(name);
  return isHostName(name) ? { kind: 'name', name } : null;
}

/** One spelling per address; an IPv4 address inside an IPv6 one (`::ffff:a.b.c.d`, `::a.b.c.d`) comes out as itself. */
export function canonicalAddress(address: string): string {
  return ipaddr.process(address).toString();
}

function addressHost(address: string): Host {
  return { kind: 'address', address: canonicalAddress(address) };
}

/** RFC 1123, 2.1 and RFC 1035, 2.3.4; underscores are tolerated, because resolvers do and some servers have them. */
function isHostName(name: string): boolean {
  const isLabel = (label: string): boolean => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label);
  return name.length <= 253 && name.split('.').every(isLabel);
}
