import { type SmtpServerAddress } from './smtp-server-address.js';
import { SmtpSession } from './smtp-session.js';

/** Shorter than any server's patience with a silent client (RFC 5321, 4.5.3.2.7 asks for five minutes). */
const IDLE_MS = 10_000;
const MOST_MAILS = 100;
const MOST_IDLE = 8;
/** How long an announced limit is believed: whoever changes it at the server need not restart anything here. */
const BELIEVED_MS = 10 * 60_000;
/** A server that does not answer is not asked again for every mail that somebody writes meanwhile. */
const SPARED_MS = 60_000;
/** Somebody waits for the answer, and can do without it. */
const PATIENCE_MS = 3_000;

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
  #announced: number | null = null;
  #askAgainAt = 0;
  #asking: Promise<void> | null = null;

  constructor(private readonly address: SmtpServerAddress) {}

  /** A session for one mail, an idle one or a new one. */
  async take(signal: AbortSignal): Promise<SmtpSession> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.session.usable) return idle.session;
    }
    return this.#open(signal);
  }

  /**
   * The largest mail, in bytes, that the server said to take when it last greeted (RFC 1870). A server that has not for
   * a while is asked; null: it announces no limit, or has never answered.
   */
  async announcedSize(): Promise<number | null> {
    if (Date.now() >= this.#askAgainAt) await (this.#asking ??= this.#ask().finally(() => (this.#asking = null)));
    return this.#announced;
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

  async #open(signal: AbortSignal): Promise<SmtpSession> {
    const session = await SmtpSession.open(this.address, signal);
    this.#announced = session.announcedSize;
    this.#askAgainAt = Date.now() + BELIEVED_MS;
    return session;
  }

  async #ask(): Promise<void> {
    try {
      (await this.#open(AbortSignal.timeout(PATIENCE_MS))).quit();
    } catch {
      // What it said before still holds; why it does not answer shows when a mail is sent.
      this.#askAgainAt = Date.now() + SPARED_MS;
    }
  }

  #dismiss(session: SmtpSession): void {
    const at = this.#idle.findIndex((idle) => idle.session === session);
    if (at >= 0) this.#idle.splice(at, 1);
    session.quit();
  }
}
