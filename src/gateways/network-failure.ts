import type { GatewayFailure } from './gateway.errors.js';

/**
 * What the `code` of an error of node:net, node:tls or node:dns means, as the detail of `Unavailable`. Shared by
 * everything that speaks to a mail server over a socket. OpenSSL's names: openssl-verification-options(1).
 */
const DETAILS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
  ERR_STREAM_PREMATURE_CLOSE: 'connection_lost',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'host_unreachable',
  ENETUNREACH: 'host_unreachable',
  EADDRNOTAVAIL: 'host_unreachable',
  ENOTFOUND: 'unknown_host',
  EAI_AGAIN: 'lookup_failed',
  ADDRESS_MISMATCH: 'private_address',
  CONNECTION_CLOSED: 'connection_lost',
  SILENCE: 'timeout',
  LINE_TOO_LONG: 'protocol_error',
  DATA_BEFORE_TLS: 'tls_failed',
  CERT_HAS_EXPIRED: 'certificate_expired',
  CERT_NOT_YET_VALID: 'certificate_not_yet_valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate_wrong_name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate_untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate_untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate_untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate_untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate_untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate_untrusted',
  CERT_UNTRUSTED: 'certificate_untrusted',
  CERT_REJECTED: 'certificate_untrusted',
  CERT_REVOKED: 'certificate_untrusted',
  INVALID_CA: 'certificate_untrusted',
  INVALID_PURPOSE: 'certificate_untrusted',
};

/** The failure that a network error stands for; null if it is none. */
export function networkFailure(error: unknown): GatewayFailure | null {
  const code = errorCode(error);
  if (code === null) return null;
  const detail = DETAILS[code] ?? (/^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code) ? 'tls_failed' : null);
  return detail === null ? null : { kind: 'Unavailable', detail };
}

/** `error.code` where that is a string, as Node's and most libraries' errors have it. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
