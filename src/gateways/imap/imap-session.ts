import { GatewayError } from '../gateway.errors.js';
import type { ReaderEnvironment } from '../reader-environment.js';
import { ImapConnection } from './imap-connection.js';

/** The connections of one pass over one INBOX: when one is lost, the next takes its place. */
export class ImapSession {
  #connection: ImapConnection | null = null;

  private constructor(
    private readonly environment: ReaderEnvironment,
    /** RFC 9051, 2.3.1.1: UIDs mean something only together with it. */
    readonly uidValidity: string,
  ) {}

  static async open(environment: ReaderEnvironment): Promise<ImapSession> {
    const connection = await ImapConnection.open(environment);
    const session = new ImapSession(environment, String(connection.inbox.uidValidity));
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
    this.#connection = await ImapConnection.open(this.environment);
    if (String(this.#connection.inbox.uidValidity) !== this.uidValidity) {
      throw new GatewayError({ kind: 'CursorInvalid', reason: 'uid_validity_changed' });
    }
    return this.#connection;
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }
}
