import { createHash } from 'node:crypto';
import { GatewayError } from '../gateway.errors.js';
import type { ReaderEnvironment } from '../reader-environment.js';
import { ImapConnection } from './imap-connection.js';
import type { ImapConnections } from './imap-connections.js';

export interface KeptConnectionsOptions {
  /** Most connections that wait at once; the one that has waited longest makes room. About 140 KB each over TLS. */
  readonly most: number;
  /** Longest wait for the next pass. */
  readonly idleMs: number;
  /** Most passes on one login: it is renewed now and then, lest a changed password go unnoticed. */
  readonly passes: number;
}

const defaults: KeptConnectionsOptions = { most: 500, idleMs: 4 * 60_000, passes: 5 };

interface Waiting {
  readonly connection: ImapConnection;
  readonly timer: NodeJS.Timeout;
}

/**
 * Keeps the connection of a pass for the next one on the same account: an EXAMINE where there would be a connection,
 * a TLS handshake, a login (which servers make costly on purpose) and an EXAMINE. A connection is used by one pass at a
 * time and holds nothing but what the server knows; one that has died meanwhile is replaced by a new one.
 */
export class KeptImapConnections implements ImapConnections {
  /** By account; in the order in which they came back. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #options: KeptConnectionsOptions;
  #isClosed = false;

  constructor(options: Partial<KeptConnectionsOptions> = {}) {
    this.#options = { ...defaults, ...options };
  }

  async open(environment: ReaderEnvironment): Promise<ImapConnection> {
    const kept = this.#take(keyOf(environment));
    if (!kept) return ImapConnection.open(environment);
    try {
      await kept.reopen(environment);
      return kept;
    } catch (error) {
      await kept.close();
      if (!isDeadConnection(error) || environment.signal.aborted) throw error;
      return ImapConnection.open(environment);
    }
  }

  async release(environment: ReaderEnvironment, connection: ImapConnection): Promise<void> {
    const key = keyOf(environment);
    const isGood = connection.isUsable && connection.passes < this.#options.passes && !environment.signal.aborted;
    if (!isGood || this.#isClosed || this.#waiting.has(key)) return connection.close();
    const timer = setTimeout(() => void this.#take(key)?.close(), this.#options.idleMs).unref();
    this.#waiting.set(key, { connection, timer });
    const [longest] = this.#waiting.keys();
    if (this.#waiting.size > this.#options.most && longest !== undefined) await this.#take(longest)?.close();
  }

  /** Ends the connections that wait, and keeps none from now on; those in use end with their passes. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const ends = [...this.#waiting.keys()].map(async (key) => this.#take(key)?.close());
    await Promise.all(ends);
  }

  #take(key: string): ImapConnection | null {
    const waiting = this.#waiting.get(key);
    if (!waiting) return null;
    this.#waiting.delete(key);
    clearTimeout(waiting.timer);
    return waiting.connection;
  }
}

/** Everything that a connection depends on, the password included, in a form that gives none of it away. */
function keyOf({ account, network }: ReaderEnvironment): string {
  const { protocol, security, host, port, accountName, password } = account;
  const { allowedPrivate, extraCertificateAuthorities } = network;
  const parts = [protocol, security, host, port, accountName, password, allowedPrivate, extraCertificateAuthorities];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function isDeadConnection(error: unknown): boolean {
  return error instanceof GatewayError && error.failure.kind === 'Unavailable';
}
