import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/**
 * What the server does with one mail. `take_then_…` keeps the mail and `drop_then_…` does not: for the client the two
 * look the same.
 */
export type Conduct =
  | 'accept'
  | 'cut_at_connect'
  | 'cut_at_mail'
  | 'cut_at_rcpt'
  | 'cut_at_data'
  | 'cut_in_data'
  | 'take_then_cut'
  | 'drop_then_cut'
  | 'take_then_silence'
  | 'silence_at_connect'
  | 'silence_at_rcpt'
  | 'refuse_connection'
  | 'refuse_hello'
  | 'refuse_starttls'
  | 'want_login'
  | 'take_no_mail'
  | 'defer_sender'
  | 'defer_recipients'
  | 'refuse_sender'
  | 'refuse_recipients'
  | 'refuse_first_recipient'
  | 'defer_first_recipient'
  | 'refuse_data'
  | 'refuse_mail'
  | 'defer_mail'
  | 'slow';

/** How far a mail has come: its sender, a recipient, the word that it follows, all of it. */
export type Step = 'mail' | 'rcpt' | 'data' | 'end';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** ENVID (RFC 3461). */
  readonly envelopeId: string;
  /** As it came, dots unstuffed. */
  readonly source: Buffer;
}

const SLOWNESS_MS = 400;

/** A small SMTP server (RFC 5321) for tests, which behaves or misbehaves as it is told. Loopback only. */
export class SmtpReceiver {
  /** Every mail that it took, whether it said so or not. */
  readonly taken: ReceivedMail[] = [];
  /** How many connections came. */
  connections = 0;
  /** Towards each mail, and towards each connection as far as it is about that. */
  conduct: Conduct = 'accept';
  /** What it says to each recipient in place of what its conduct says; null: as that has it. */
  answerToRecipients: string | null = null;
  /** Called when a mail has come that far, before it is answered. */
  onStep: (step: Step) => void = () => undefined;
  /** What it announces to take (RFC 1870); null: it does not know the extension. */
  size: number | null = 50_000_000;
  /** Resolves when the server may speak. */
  held: Promise<void> = Promise.resolve();
  #next: Conduct | null = null;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(): Promise<SmtpReceiver> {
    const receiver = new SmtpReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `parameters`: of SMTP_URL. */
  url(parameters = ''): string {
    return `smtp://127.0.0.1:${this.port}${parameters === '' ? '' : `?${parameters}`}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Says nothing to anybody until the function that this answers is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.held = promise;
    return resolve;
  }

  /** Behaves so towards the next mail only. */
  once(conduct: Conduct): void {
    this.#next = conduct;
  }

  /** For the dialogue: how to behave towards the mail that begins now. */
  conductOfMail(): Conduct {
    const conduct = this.#next ?? this.conduct;
    this.#next = null;
    return conduct;
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    if (this.conduct === 'cut_at_connect') return void socket.destroy();
    if (this.conduct === 'silence_at_connect') return;
    const dialogue = new Dialogue(socket, this);
    socket.write(
      this.conduct === 'refuse_connection' ? '554 5.3.2 no service here\r\n' : '220 receiver.test ESMTP\r\n',
    );
    socket.on('data', (chunk) => dialogue.read(chunk));
  }
}

const END_OF_MAIL = Buffer.from('\r\n.\r\n');

class Dialogue {
  #conduct: Conduct = 'accept';
  #line = Buffer.alloc(0);
  #mail: Buffer[] | null = null;
  /** null: there is no mail under way. */
  #from: string | null = null;
  #envelopeId = '';
  #to: string[] = [];
  #asked = 0;
  #answers: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: Socket,
    private readonly receiver: SmtpReceiver,
  ) {}

  read(chunk: Buffer): void {
    if (this.#mail) return this.#readMail(this.#mail, chunk);
    this.#line = Buffer.concat([this.#line, chunk]);
    for (let end = this.#line.indexOf('\r\n'); end >= 0 && !this.socket.destroyed; end = this.#line.indexOf('\r\n')) {
      const line = this.#line.subarray(0, end).toString('latin1');
      this.#line = this.#line.subarray(end + 2);
      this.#command(line);
    }
  }

  /** A client sends nothing behind the end of a mail before that is answered. */
  #readMail(mail: Buffer[], chunk: Buffer): void {
    if (this.#conduct === 'cut_in_data') return void this.socket.destroy();
    mail.push(chunk);
    const tail = Buffer.concat(mail.slice(-END_OF_MAIL.length)).subarray(-END_OF_MAIL.length);
    if (!tail.equals(END_OF_MAIL)) return;
    this.#mail = null;
    this.#endOfMail(Buffer.concat(mail).subarray(0, -END_OF_MAIL.length));
  }

  #command(line: string): void {
    const [verb = ''] = line.toUpperCase().split(/[ :]/);
    switch (verb) {
      case 'EHLO':
      case 'HELO':
        return this.#hello();
      case 'STARTTLS':
        return this.#say('554 5.7.3 not for you');
      case 'MAIL':
        return this.#sender(line);
      case 'RCPT':
        return this.#recipient(line);
      case 'DATA':
        return this.#data();
      case 'QUIT':
        this.#say('221 2.0.0 bye');
        this.socket.end();
        return;
      default:
        return this.#say('250 2.0.0 ok');
    }
  }

  #hello(): void {
    const { conduct, size } = this.receiver;
    if (conduct === 'refuse_hello') return this.#say('550 5.7.1 not for you');
    const tls = conduct === 'refuse_starttls' ? '250-STARTTLS\r\n' : '';
    const limit = size === null ? '' : `250-SIZE ${size}\r\n`;
    this.#say(`250-receiver.test\r\n${tls}${limit}250-DSN\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES`);
  }

  #sender(line: string): void {
    this.receiver.onStep('mail');
    // Each mail begins with nobody, also one whose sender is refused: its recipients come along (RFC 2920).
    [this.#to, this.#asked, this.#from] = [[], 0, null];
    this.#conduct = this.receiver.conductOfMail();
    if (['cut_at_connect', 'silence_at_connect', 'cut_at_mail'].includes(this.#conduct))
      return void this.socket.destroy();
    if (this.#conduct === 'want_login') return this.#say('530 5.7.0 Authentication required');
    if (this.#conduct === 'take_no_mail') return this.#say('521 5.3.2 no mail here');
    if (this.#conduct === 'defer_sender') return this.#say('451 4.7.1 greylisted, come back later');
    if (this.#conduct === 'refuse_sender') return this.#say('550 5.1.8 no such sender');
    this.#from = addressIn(line);
    this.#envelopeId = /\bENVID=(\S+)/i.exec(line)?.[1] ?? '';
    this.#say('250 2.1.0 ok');
  }

  #recipient(line: string): void {
    this.receiver.onStep('rcpt');
    if (this.#from === null) return this.#say('503 5.5.1 no sender');
    const first = this.#asked++ === 0;
    if (this.#conduct === 'cut_at_rcpt') return void this.socket.destroy();
    if (this.#conduct === 'silence_at_rcpt') return;
    if (this.receiver.answerToRecipients !== null) return this.#say(this.receiver.answerToRecipients);
    if (this.#conduct === 'defer_recipients' || (first && this.#conduct === 'defer_first_recipient')) {
      return this.#say('450 4.2.1 mailbox busy');
    }
    if (this.#conduct === 'refuse_recipients' || (first && this.#conduct === 'refuse_first_recipient')) {
      return this.#say('550 5.1.1 no such user');
    }
    this.#to.push(addressIn(line));
    this.#say('250 2.1.5 ok');
  }

  #data(): void {
    this.receiver.onStep('data');
    if (this.#conduct === 'cut_at_data') return void this.socket.destroy();
    if (this.#conduct === 'refuse_data') return this.#say('554 5.7.1 refused');
    if (this.#to.length === 0) return this.#say('503 5.5.1 no recipients');
    this.#mail = [];
    this.#say('354 go on');
  }

  #endOfMail(stuffed: Buffer): void {
    const source = Buffer.from(stuffed.toString('latin1').replace(/^\.\./gm, '.') + '\r\n', 'latin1');
    const take = (): void =>
      void this.receiver.taken.push({
        from: this.#from ?? '',
        to: [...this.#to],
        envelopeId: this.#envelopeId,
        source,
      });
    this.receiver.onStep('end');
    switch (this.#conduct) {
      case 'take_then_cut':
        take();
        return void this.socket.destroy();
      case 'drop_then_cut':
        return void this.socket.destroy();
      case 'take_then_silence':
        return take();
      case 'refuse_mail':
        return this.#say('554 5.7.1 looks like spam');
      case 'defer_mail':
        return this.#say('451 4.3.0 try again later');
      default:
        take();
        return this.#say('250 2.0.0 taken');
    }
  }

  /** Answers stay in order, also when they are slow. */
  #say(answer: string): void {
    this.#answers = this.#answers.then(async () => {
      await this.receiver.held;
      if (this.#conduct === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOWNESS_MS));
      if (this.socket.writable) this.socket.write(`${answer}\r\n`);
    });
  }
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';
