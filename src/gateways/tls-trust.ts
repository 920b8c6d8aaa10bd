import { type ConnectionOptions, createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { MailNetwork, MailServerAddress } from './mail-account.js';

/**
 * TLS options for a mail server. `ssl` verifies the certificate, always. `none` takes any encryption over none:
 * an attacker who could show a false certificate could as well have hidden the STARTTLS offer, and old servers'
 * protocols and ciphers still keep passive listeners out.
 */
export function tlsOptions(security: MailServerAddress['security'], network: MailNetwork): ConnectionOptions {
  if (security === 'none') {
    return { rejectUnauthorized: false, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };
  }
  const extra = network.extraCertificateAuthorities ?? [];
  return { rejectUnauthorized: true, ...(extra.length > 0 && { secureContext: contextTrusting(extra) }) };
}

const contexts = new Map<string, SecureContext>();

/** Reading some 150 certificates takes milliseconds, too many for every connection: one context per set of extras. */
function contextTrusting(extra: readonly string[]): SecureContext {
  const key = extra.join('\n');
  const context = contexts.get(key) ?? createSecureContext({ ca: [...getCACertificates('default'), ...extra] });
  contexts.set(key, context);
  return context;
}
