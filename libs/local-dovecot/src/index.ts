import { LocalDovecot, type LocalDovecotOptions } from './local-dovecot.js';

export { findDovecot } from './find-dovecot.js';
export type { LocalDovecot, LocalDovecotOptions } from './local-dovecot.js';
export type { Delivery, Flag, MaildirEntry } from './maildir.js';
export type { DovecotPorts, TlsMode } from './dovecot-configuration.js';
export { EXPIRED, OTHER_NAME, type CertificateKind } from './test-certificates.js';

/** Starts a throw-away Dovecot on loopback; see LocalDovecot. */
export function startLocalDovecot(options: LocalDovecotOptions): Promise<LocalDovecot> {
  return LocalDovecot.start(options);
}
