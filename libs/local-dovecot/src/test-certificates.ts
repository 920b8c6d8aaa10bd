import { certificateKeyPair, issueCertificate } from '@libs/certificates';

/** What is right or wrong with the certificate that the server shows. */
export type CertificateKind = 'valid' | 'self-signed' | 'expired' | 'wrong-name';

export interface ServerCertificate {
  /** PEM: the server's certificate. */
  readonly certificate: string;
  /** PEM (PKCS #8): its private key. */
  readonly key: string;
  /** PEM: the certification authority made for this one server; a client that trusts it accepts `valid`. */
  readonly ca: string;
}

/** The names under which the server is reached. */
export const SERVER_NAMES: readonly string[] = ['localhost', '127.0.0.1', '127.0.0.2'];
/** The name in a `wrong-name` certificate. */
export const OTHER_NAME = 'mail.example.com';
/** When an `expired` certificate was valid. */
export const EXPIRED = { from: new Date('2023-01-01T00:00:00Z'), until: new Date('2024-01-01T00:00:00Z') } as const;

/** Makes a certification authority and a server certificate of it, for one throw-away server. */
export function makeServerCertificate(kind: CertificateKind): ServerCertificate {
  const ca = certificateKeyPair();
  const caName = 'local-dovecot test authority';
  const server = certificateKeyPair();
  const names = kind === 'wrong-name' ? [OTHER_NAME] : SERVER_NAMES;
  const selfSigned = kind === 'self-signed';
  const subject = names[0] ?? '';
  return {
    ca: issueCertificate({
      subject: caName,
      issuer: caName,
      subjectKey: ca.publicKey,
      signer: ca.privateKey,
      authority: true,
    }),
    certificate: issueCertificate({
      subject,
      issuer: selfSigned ? subject : caName,
      subjectKey: server.publicKey,
      signer: selfSigned ? server.privateKey : ca.privateKey,
      names,
      validity: kind === 'expired' ? EXPIRED : undefined,
    }),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
