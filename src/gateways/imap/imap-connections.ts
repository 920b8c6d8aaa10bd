import type { ReaderEnvironment } from '../reader-environment.js';
import { ImapConnection } from './imap-connection.js';

/** Where a pass gets its connections from, and what becomes of the last one. */
export interface ImapConnections {
  /** A connection with the INBOX freshly opened. Rejects with a GatewayError. */
  open(environment: ReaderEnvironment): Promise<ImapConnection>;
  /** The pass has no use for it any more. Never rejects. */
  release(environment: ReaderEnvironment, connection: ImapConnection): Promise<void>;
}

/** A new connection for every pass. */
export const freshConnections: ImapConnections = {
  open: (environment) => ImapConnection.open(environment),
  release: (_, connection) => connection.close(),
};
