import { GatewayError } from '../gateway.errors.js';
import type { ReaderEnvironment } from '../reader-environment.js';
import type { ImapConnection } from './imap-connection.js';
import type { ImapConnections } from './imap-connections.js';

/** The connections of one pass over one INBOX: when one is lost, the next takes its place. */
export class ImapSession {
  #connection: ImapConnection | null = null;

  private constructor(
    private readonly environment: ReaderEnvironment,
    private readonly connections: ImapConnections,
    /** RFC 9051, 2.3.1.1: UIDs mean something only together with it. */
    readonly uidValidity: string,
  ) {}

  static async open(environment: ReaderEnvironment, connections: ImapConnections): Promise<ImapSession> {
    const connection = await connections.open(environment);
    const session = new ImapSession(environment, connections, String(connection.inbox.uidValidity));
    session.#connection = connection;
    return session;
  }

  /**
   * A working connection, opened anew if the last one is gone. Throws CursorInvalid when the INBOX has become another
   * one in between.
   */
  async connection(): Promise<ImapConnection> {
    if (this.#connection?.isUsable) return this.#connection;
    await this.#connection?.close();
    this.#connection = await this.connections.open(this.environment);
    if (String(this.#connection.inbox.uidValidity) !== this.uidValidity) {
      throw new GatewayError({ kind: 'CursorInvalid', reason: 'uid_validity_changed' });
    }
    return this.#connection;
  }

  /** The pass has ended, one way or another. */
  async close(): Promise<void> {
    if (this.#connection) await this.connections.release(this.environment, this.#connection);
    this.#connection = null;
  }
}
