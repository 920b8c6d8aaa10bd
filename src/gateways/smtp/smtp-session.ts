import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Readable } from 'node:stream';
import { type SmtpServerAddress } from './smtp-server-address.js';

export interface Envelope {
  /** Where reports go when the mail cannot be delivered. */
  readonly from: string;
  readonly to: readonly string[];
  readonly size: number;
  /** Comes back in such reports (RFC 3461, 4.4), where the server knows how. */
  readonly envelopeId: string;
}

/** What the server took: everybody but those named here. */
export interface Taken {
  readonly rejectedErrors?: unknown;
}

/** One SMTP session. It is used by one mail at a time and repeats nothing; after any failure it is closed. */
export class SmtpSession {
  readonly #connection: InstanceType<typeof SMTPConnection>;
  #ended = false;
  #fail: (error: unknown) => void = () => undefined;
  /** Mails it has carried. */
  mails = 0;
  /** The largest mail, in bytes, that the server takes; null: it announced no limit. */
  announcedSize: number | null = null;

  private constructor(address: SmtpServerAddress) {
    this.#connection = new SMTPConnection({
      host: address.host,
      port: address.port,
      secure: address.secure,
      requireTLS: address.requireTls,
      connectionTimeout: address.connectionTimeoutMs,
      greetingTimeout: address.connectionTimeoutMs,
      dnsTimeout: address.connectionTimeoutMs,
      socketTimeout: address.socketTimeoutMs,
      ...(address.name === null ? {} : { name: address.name }),
    });
    // Without a listener an error of an idle connection would end the process.
    this.#connection.on('error', (error: unknown) => this.#end(error));
    this.#connection.on('end', () => {
      this.#ended = true;
      // The library may tell of the end before it tells why.
      setImmediate(() => this.#fail(new Error('The connection ended.')));
    });
  }

  /** Connects and logs in. Rejects with the library's error. */
  static async open(address: SmtpServerAddress, signal: AbortSignal): Promise<SmtpSession> {
    signal.throwIfAborted();
    const session = new SmtpSession(address);
    const abort = (): void => session.#end(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await session.#step<unknown>((done) => session.#connection.connect(done));
      session.announcedSize = sizeIn(session.#connection.lastServerResponse);
      if (address.auth) await session.#logIn(address.auth);
      return session;
    } catch (error) {
      session.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Whether another mail may be tried on it. */
  get usable(): boolean {
    return !this.#ended;
  }

  /** Hands a mail over. Rejects with the library's error; the session is then of no more use. */
  async send(envelope: Envelope, source: Readable): Promise<Taken> {
    this.mails += 1;
    const { from, to, size, envelopeId: envid } = envelope;
    const smtpEnvelope = { from, to: [...to], size, dsn: { envid, notify: ['FAILURE', 'DELAY'], ret: 'HDRS' } };
    try {
      const info = await this.#step<Taken>((done) => this.#connection.send(smtpEnvelope, source, done));
      return { rejectedErrors: info.rejectedErrors };
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Cuts the connection: whatever was not finished on it does not count for the server. */
  close(): void {
    this.#end(new Error('The connection was closed.'));
  }

  /** Takes leave of the server (RFC 5321, 4.1.1.10). */
  quit(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#connection.quit();
  }

  async #logIn({ user, password }: { readonly user: string; readonly password: string }): Promise<void> {
    await this.#step<unknown>((done) => this.#connection.login({ user, pass: password }, done));
  }

  /** The library reports some failures to the callback only, and some to the event only. */
  #step<Result>(run: (done: (error?: unknown, result?: Result) => void) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      run((error, result) => {
        if (error) reject(error instanceof Error ? error : new Error('SMTP failed.'));
        else resolve(result as Result);
      });
    });
  }

  #end(error: unknown): void {
    this.#fail(error);
    if (this.#ended) return;
    this.#ended = true;
    this.#connection.close();
  }
}

/** The limit in an answer to EHLO. SIZE without a number says nothing, and 0 that there is none (RFC 1870, 4). */
function sizeIn(answer: string | false): number | null {
  const bytes = Number(/^250[ -]SIZE[ \t]+(\d+)\s*$/im.exec(answer || '')?.[1] ?? 0);
  return bytes > 0 ? bytes : null;
}
