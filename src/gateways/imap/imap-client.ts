import { ImapFlow } from 'imapflow';
import { assertVettedAddress, type VettedHost } from '../../platform/security/public-address/index.js';
import { GatewayError, type GatewayFailure } from '../gateway.errors.js';
import type { ReaderEnvironment } from '../reader-environment.js';
import { tlsOptions } from '../tls-trust.js';
import { imapFailure } from './imap-failure.js';

/** A response line that holds no mail (capabilities, dates, sizes); much longer ones are an attack. */
const LINE_BYTES = 1024 * 1024;

/** imapflow ends a connection on which nothing was said for so long; kept ones are given up before (see watchSilence). */
const SOCKET_MS = 15 * 60_000;

/** imapflow's log entries that matter here; what it logs else is dropped, since it is not ours to keep. */
interface LogEntry {
  readonly src?: string;
  readonly address?: string;
  readonly throttleDelay?: number;
}

/**
 * An imapflow client for one connection to one checked address: no IDLE, no extension that changes what mail looks
 * like (UTF8=ACCEPT, BINARY) or that unpacks what a stranger packed (COMPRESS), limits for hostile servers.
 *
 * Two things can only be learned in time from imapflow's log: the socket's own remote address, which is checked
 * before anything is sent; and that Exchange Online asks for patience, which imapflow would silently exercise for
 * minutes, while a mailbox's turn lasts seconds.
 */
export class ImapClient {
  readonly flow: ImapFlow;
  /** Why the connection ended, where pending commands are only told that it did. */
  #cause: GatewayFailure | null = null;

  constructor({ account, network, limits }: ReaderEnvironment, vetted: VettedHost, address: string) {
    this.flow = new ImapFlow({
      host: address,
      servername: vetted.isName ? vetted.host : undefined,
      port: account.port,
      secure: account.security === 'ssl',
      tls: tlsOptions(account.security, network),
      auth: { user: account.accountName, pass: account.password },
      clientInfo: { name: 'HRBC Mail', version: '1', vendor: 'HRBC', 'support-url': '' },
      disableAutoIdle: true,
      disableAutoEnable: true,
      disableBinary: true,
      disableCompression: true,
      disableIMAP4rev2: true,
      connectionTimeout: limits.connectMs / vetted.addresses.length,
      greetingTimeout: limits.connectMs,
      socketTimeout: SOCKET_MS,
      maxLineLength: LINE_BYTES,
      maxLiteralSize: limits.mailBytes,
      maxResponseSize: limits.mailBytes + LINE_BYTES,
      logger: {
        debug: () => undefined,
        error: () => undefined,
        info: (entry: LogEntry) => {
          if (entry.src === 'connection') assertVettedAddress(vetted, entry.address);
        },
        warn: (entry: LogEntry) => {
          if (entry.throttleDelay === undefined) return;
          this.#cause ??= { kind: 'RateLimited', retryAfterMs: entry.throttleDelay };
          setImmediate(() => this.close()); // not at once: imapflow is about to begin the wait that close() cuts short
        },
      },
    });
    // without a listener, an 'error' event would end the process
    this.flow.on('error', (error: Error) => (this.#cause ??= imapFailure(error)));
  }

  /** Whether commands can be sent and the INBOX is open. imapflow answers a FETCH without a mailbox with nothing. */
  get isUsable(): boolean {
    return this.flow.usable && this.flow.mailbox !== false;
  }

  /**
   * Ends the connection when the server, which owes an answer, has sent no byte for so many milliseconds. Gives what
   * ends the watch.
   */
  watchSilence(milliseconds: number): () => void {
    let received = this.flow.stats().received;
    let since = Date.now();
    const timer = setInterval(() => {
      const now = this.flow.stats().received;
      if (now !== received) [received, since] = [now, Date.now()];
      if (Date.now() - since < milliseconds) return;
      this.#cause ??= { kind: 'Unavailable', detail: 'timeout' };
      this.close();
    }, milliseconds / 4);
    return () => clearInterval(timer);
  }

  /** Every pending command is rejected. */
  close(): void {
    this.flow.close();
  }

  /** What an error of this client means, as the error to throw. */
  errorFrom(error: unknown): GatewayError {
    const failure = imapFailure(error);
    const isLoss = failure.kind === 'Unavailable' && failure.detail === 'connection_lost';
    return new GatewayError((isLoss && this.#cause) || failure);
  }
}
