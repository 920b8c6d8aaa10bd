import type { PublicAddressPolicy } from '../platform/security/public-address/index.js';
import { GatewayError } from './gateway.errors.js';

/** A mail server as a company registers it (R18). */
export interface MailServerAddress {
  readonly protocol: 'imap' | 'pop3';
  /** `ssl`: TLS from the first byte, certificate verified. `none`: STARTTLS if offered, whatever the certificate. */
  readonly security: 'none' | 'ssl';
  readonly host: string;
  readonly port: number;
}

/** One user's account on it (R34). */
export interface MailAccount extends MailServerAddress {
  readonly accountName: string;
  readonly password: string;
}

/** How this service reaches customers' mail servers; the same for all of them. */
export interface MailNetwork extends PublicAddressPolicy {
  /** PEM certificates trusted besides the usual authorities; for tests and the sandbox. */
  readonly extraCertificateAuthorities?: readonly string[];
}

/**
 * Throws GatewayError `Rejected(credentials_not_allowed)` for what no mail protocol can carry in a user name or
 * password: a line end would start another command (RFC 1939, 3; RFC 9051, 9), NUL separates the two in SASL
 * (RFC 4616, 2).
 */
export function assertTransmissible(account: MailAccount): void {
  const isTransmissible = (text: string): boolean => text !== '' && !/[\0\r\n]/.test(text);
  if (!isTransmissible(account.accountName) || !isTransmissible(account.password)) {
    throw new GatewayError({ kind: 'Rejected', code: 'credentials_not_allowed' });
  }
}
