import { type SmtpServerAddress } from './smtp-server-address.js';
import { SmtpSession } from './smtp-session.js';

/** Shorter than any server's patience with a silent client (RFC 5321, 4.5.3.2.7 asks for five minutes). */
const IDLE_MS = 10_000;
const MOST_MAILS = 100;
const MOST_IDLE = 8;

interface Idle {
  readonly session: SmtpSession;
  readonly timer: NodeJS.Timeout;
}

/**
 * Sessions kept open for the next mail. The library's own pool is not used: it queues a mail again when a connection
 * ends, and a mail must be handed over once.
 */
export class SmtpSessions {
  readonly #idle: Idle[] = [];

  constructor(private readonly address: SmtpServerAddress) {}

  /** A session for one mail, an idle one or a new one. */
  async take(signal: AbortSignal): Promise<SmtpSession> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.session.usable) return idle.session;
    }
    return SmtpSession.open(this.address, signal);
  }

  /** Keeps a session for the next mail, or takes leave. */
  giveBack(session: SmtpSession): void {
    if (!session.usable) return;
    if (session.mails >= MOST_MAILS || this.#idle.length >= MOST_IDLE) return session.quit();
    const timer = setTimeout(() => this.#dismiss(session), IDLE_MS);
    timer.unref();
    this.#idle.push({ session, timer });
  }

  /** Ends the idle ones. Those at work end by themselves. */
  close(): void {
    for (const { session, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      session.quit();
    }
  }

  #dismiss(session: SmtpSession): void {
    const at = this.#idle.findIndex((idle) => idle.session === session);
    if (at >= 0) this.#idle.splice(at, 1);
    session.quit();
  }
}
