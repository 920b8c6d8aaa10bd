import { domainToASCII } from 'node:url';

const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 254;
/** What an unquoted local part may consist of (RFC 5322, 3.2.3), dots aside. */
const ATEXT = /^[\w!#$%&'*+/=?^`{|}~-]+$/;

/**
 * Whether mail can be addressed to it: one `@` behind a local part of printable ASCII, and a domain that the DNS can
 * hold, in any script. More is let through than RFC 5322 writes without quotes: Japanese carriers gave out addresses
 * such as `tanaka..x.@docomo.ne.jp` until 2009, and they are in use.
 */
export function isAddress(address: string): boolean {
  const { local, domain } = split(address);
  if (local === '' || local.length > LONGEST_LOCAL_PART || address.length > LONGEST_ADDRESS) return false;
  return /^[\x21-\x7e]+$/.test(local) && !/[<>()[\]\\",:;@]/.test(local) && isDomain(domain);
}

/**
 * The address as headers and SMTP commands write it (RFC 5321, 4.1.2): a local part that is no dot-atom in quotes, a
 * domain in another script as A-labels (RFC 5891).
 * @throws Error when `isAddress` is false
 */
export function toAddrSpec(address: string): string {
  if (!isAddress(address)) throw new Error('Not an address.');
  const { local, domain } = split(address);
  const isDotAtom = local.split('.').every((atom) => ATEXT.test(atom));
  return `${isDotAtom ? local : `"${local}"`}@${domainToASCII(domain)}`;
}

function isDomain(domain: string): boolean {
  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  return (
    ascii.length <= 253 &&
    labels.length > 1 &&
    // domainToASCII reads numbers as IPv4 addresses, which are no domains.
    !/^\d+$/.test(labels.at(-1) ?? '') &&
    labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label))
  );
}

function split(address: string): { local: string; domain: string } {
  const at = address.lastIndexOf('@');
  return { local: address.slice(0, Math.max(0, at)), domain: address.slice(at + 1) };
}
