import type { TLSSocket } from 'node:tls';
import type { DiagnosisCode } from './diagnosis.js';
import type { CertificateFacts } from './step-facts.js';

/** What the server's certificate says about itself; undefined if it showed none. */
export function certificateFacts(socket: TLSSocket): CertificateFacts | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  return {
    names: namesOf(certificate.subjectAltName, certificate.subject),
    issuer: commonName(certificate.issuer),
    validFrom: certificate.validFromDate,
    validUntil: certificate.validToDate,
  };
}

/** Why the certificate is refused; null if it is accepted. OpenSSL's names: openssl-verification-options(1). */
export function certificateProblem(socket: TLSSocket): DiagnosisCode | null {
  if (socket.authorized) return null;
  // Node's types promise an Error; it is the code where the error has one
  switch (String(socket.authorizationError)) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'certificate_self_signed';
    case 'CERT_HAS_EXPIRED':
      return 'certificate_expired';
    case 'CERT_NOT_YET_VALID':
      return 'certificate_not_yet_valid';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'certificate_wrong_name';
    default:
      return 'certificate_untrusted';
  }
}

/** `DNS:a.example.com, IP Address:192.0.2.1` → the names alone; the subject's where there are none (RFC 9525, 2). */
function namesOf(subjectAltName: string | undefined, subject: string): string[] {
  const alternatives = [...(subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s"]+)/g)].map(
    ([, name]) => name ?? '',
  );
  return (alternatives.length > 0 ? alternatives : [commonName(subject)]).slice(0, 5).map((name) => name.slice(0, 100));
}

/** Of a distinguished name in Node's form: one `KEY=value` a line. */
function commonName(distinguishedName: string): string {
  const found = /^(?:CN|O)=(.*)$/m.exec(distinguishedName);
  return (found?.[1] ?? distinguishedName.split('\n')[0] ?? '').slice(0, 100);
}
