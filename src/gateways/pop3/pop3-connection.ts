import { vetMailHost } from '../../platform/security/public-address/index.js';
import { withinDeadline } from '../deadline.js';
import { GatewayError } from '../gateway.errors.js';
import { hostFailure } from '../host-failure.js';
import { LineConnection } from '../line-connection.js';
import { assertTransmissible } from '../mail-account.js';
import type { ReaderEnvironment } from '../reader-environment.js';
import { tlsOptions } from '../tls-trust.js';
import { pop3Failure, type Pop3Phase } from './pop3-failure.js';
import { Pop3Refusal, Pop3Session } from './pop3-session.js';

/** Longest polite wait for the answer to QUIT. */
const QUIT_MS = 2000;

/** One logged-in POP3 connection. */
export class Pop3Connection {
  #isBroken = false;

  private constructor(
    private readonly environment: ReaderEnvironment,
    private readonly lines: LineConnection,
    private readonly session: Pop3Session,
    /** After login; in capitals. */
    readonly capabilities: ReadonlySet<string>,
  ) {}

  /**
   * Looks the host up, connects to an address that was checked and logs in, all within `limits.connectMs`. Rejects
   * with a GatewayError and leaves no connection behind then.
   */
  static async open(environment: ReaderEnvironment): Promise<Pop3Connection> {
    assertTransmissible(environment.account);
    const { limits, signal } = environment;
    const given = new AbortController();
    const stop = (): void => given.abort();
    return withinDeadline(Pop3Connection.#open(environment, given.signal), {
      milliseconds: limits.connectMs,
      signal,
      stop,
    });
  }

  static async #open(environment: ReaderEnvironment, stop: AbortSignal): Promise<Pop3Connection> {
    const { account, network, limits } = environment;
    const verdict = await vetMailHost(account, network);
    if (!verdict.ok) throw new GatewayError(hostFailure(verdict.refusal));
    const options = { connectMs: limits.connectMs, silenceMs: limits.silenceMs, signal: stop };
    let phase: Pop3Phase = 'greeting';
    let lines: LineConnection | null = null;
    const close = (): void => lines?.close();
    stop.addEventListener('abort', close, { once: true });
    try {
      lines = await LineConnection.open(verdict, account.port, options);
      const session = new Pop3Session(lines);
      if (account.security === 'ssl') await lines.startTls(tlsOptions('ssl', network));
      await session.greeting();
      phase = 'login';
      if (account.security === 'none') await upgradeIfOffered(session, environment);
      await session.login(account.accountName, account.password);
      return new Pop3Connection(environment, lines, session, await session.capabilities());
    } catch (error) {
      close();
      throw new GatewayError(pop3Failure(error, phase));
    } finally {
      stop.removeEventListener('abort', close);
    }
  }

  get isUsable(): boolean {
    return !this.#isBroken;
  }

  /**
   * Does something with the session, within `limits.batchMs`. Pop3Refusals pass through, since the session goes on
   * after them; everything else rejects with a GatewayError and ends the connection.
   */
  async run<T>(work: (session: Pop3Session) => Promise<T>): Promise<T> {
    const { limits, signal } = this.environment;
    try {
      return await withinDeadline(work(this.session), {
        milliseconds: limits.batchMs,
        signal,
        stop: () => this.#break(),
      });
    } catch (error) {
      if (error instanceof Pop3Refusal) throw error;
      this.#break();
      throw new GatewayError(pop3Failure(error, 'reading'));
    }
  }

  /** Says QUIT if the server still listens, and ends the connection. Never rejects. */
  async close(): Promise<void> {
    if (!this.#isBroken) {
      const stop = (): void => this.#break();
      const never = new AbortController().signal; // even an aborted reader says goodbye: the INBOX may be locked
      await withinDeadline(this.session.quit(), { milliseconds: QUIT_MS, signal: never, stop }).catch(stop);
    }
    this.#break();
  }

  #break(): void {
    this.#isBroken = true;
    this.lines.close();
  }
}

/** STARTTLS's twin (RFC 2595, 4); a server that offers it and then refuses is used as it is. */
async function upgradeIfOffered(session: Pop3Session, { network }: ReaderEnvironment): Promise<void> {
  if (!(await session.capabilities()).has('STLS')) return;
  try {
    await session.startTls(tlsOptions('none', network));
  } catch (error) {
    if (!(error instanceof Pop3Refusal)) throw error;
  }
}
