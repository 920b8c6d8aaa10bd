import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** A mail that the sandbox's SMTP server has taken. */
export interface OutgoingMail {
  readonly at: Date;
  readonly envelopeFrom: string;
  readonly recipients: readonly string[];
  readonly source: Buffer;
}

type Listener = (mail: OutgoingMail) => Promise<void>;

const LARGEST_MAIL = 40 * 1024 * 1024;
const MOST_KEPT = 200;

/**
 * An SMTP server for trying and testing, in the place of HRBC's own: takes any mail from anybody on this machine,
 * keeps the last 200 in memory, and sends nothing anywhere. It knows no TLS and no login.
 */
export class SandboxSmtp {
  readonly #kept: OutgoingMail[] = [];
  readonly #listeners = new Set<Listener>();
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      hideENHANCEDSTATUSCODES: false,
      // It would refuse what docomo and au once gave out ("taro..t."@docomo.ne.jp), quoted or not; real servers do not.
      lenientAddressParsing: true,
      size: LARGEST_MAIL,
      onData: (stream, session, done) => {
        this.#take(stream, session).then(() => done(), done);
      },
    });
    // A client that goes away in the middle is nothing to worry about here, and must not end the service.
    this.#server.on('error', () => undefined);
  }

  /** Listens on a free port of loopback. */
  static async start(): Promise<SandboxSmtp> {
    const smtp = new SandboxSmtp();
    smtp.#server.listen(0, '127.0.0.1');
    await once(smtp.#server.server, 'listening');
    return smtp;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  /** The last mails, oldest first. */
  get mails(): readonly OutgoingMail[] {
    return this.#kept;
  }

  /** Called for every mail that is taken from now on. */
  onMail(listener: Listener): void {
    this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #take(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const mail = {
      at: new Date(),
      envelopeFrom: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
      recipients: envelope.rcptTo.map(({ address }) => address),
      source: Buffer.concat(chunks),
    };
    this.#kept.push(mail);
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    for (const listener of this.#listeners) await listener(mail);
  }
}
