import type { ConnectionOptions, TLSSocket } from 'node:tls';

/**
 * What the diagnosis says to a server, in either protocol. Every method rejects with a StepFailure, or with an error of
 * the connection.
 */
export interface MailDialogue {
  /** Waits for the server's first line. */
  greeting(): Promise<void>;
  offersStartTls(): Promise<boolean>;
  /** Null: the server offered it but will not do it. */
  startTls(options: ConnectionOptions): Promise<TLSSocket | null>;
  login(accountName: string, password: string): Promise<void>;
  /** How many mails the INBOX holds. */
  inbox(): Promise<number>;
  /** Says goodbye, without waiting for long. */
  leave(): void;
}
