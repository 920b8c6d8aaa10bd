import { toAddrSpec } from './address.js';

/**
 * The header line that names blind recipients, for providers that take the recipients from the message (Gmail and
 * Graph do, and strip it). To be put in front of the composed mail; empty when there are none.
 */
export function bccHeader(addresses: readonly string[]): string {
  return addresses.length === 0 ? '' : `Bcc: ${addresses.map(toAddrSpec).join(',\r\n ')}\r\n`;
}
