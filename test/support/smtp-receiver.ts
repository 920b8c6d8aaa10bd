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

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
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
  /** Asked at each connection. */
  conduct: () => Conduct = () => 'accept';
  /** Called when a mail has come in whole, before it is answered. */
  onEndOfData: () => void = () => undefined;
  size = 50_000_000;
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

  #serve(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    const conduct = this.conduct();
    if (conduct === 'cut_at_connect') return void socket.destroy();
    if (conduct === 'silence_at_connect') return;
    const dialogue = new Dialogue(socket, conduct, this);
    socket.write('220 receiver.test ESMTP\r\n');
    socket.on('data', (chunk) => dialogue.read(chunk));
  }
}

class Dialogue {
  #waiting = Buffer.alloc(0);
  #inData = false;
  #from = '';
  #to: string[] = [];
  #asked = 0;
  #answers: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: Socket,
    private readonly conduct: Conduct,
    private readonly receiver: SmtpReceiver,
  ) {}

  read(chunk: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, chunk]);
    while (!this.socket.destroyed) {
      const end = this.#inData ? this.#endOfData() : this.#waiting.indexOf('\r\n');
      if (end < 0) break;
      const part = this.#waiting.subarray(0, end);
      this.#waiting = this.#waiting.subarray(end + (this.#inData ? 5 : 2));
      if (this.#inData) this.#mail(part);
      else this.#command(part.toString('latin1'));
    }
    if (this.#inData && this.conduct === 'cut_in_data' && this.#waiting.length > 0) this.socket.destroy();
  }

  /** Also an empty mail ends in a line of its own. */
  #endOfData(): number {
    return this.#waiting.indexOf('\r\n.\r\n');
  }

  #command(line: string): void {
    const [verb = ''] = line.toUpperCase().split(/[ :]/);
    switch (verb) {
      case 'EHLO':
        return this.#say(
          `250-receiver.test\r\n250-SIZE ${this.receiver.size}\r\n250-DSN\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES`,
        );
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

  #sender(line: string): void {
    if (this.conduct === 'cut_at_mail') return void this.socket.destroy();
    if (this.conduct === 'defer_sender') return this.#say('451 4.7.1 greylisted, come back later');
    if (this.conduct === 'refuse_sender') return this.#say('550 5.1.8 no such sender');
    this.#from = addressIn(line);
    [this.#to, this.#asked] = [[], 0];
    this.#say('250 2.1.0 ok');
  }

  #recipient(line: string): void {
    const first = this.#asked++ === 0;
    if (this.conduct === 'cut_at_rcpt') return void this.socket.destroy();
    if (this.conduct === 'silence_at_rcpt') return;
    if (this.conduct === 'defer_recipients' || (first && this.conduct === 'defer_first_recipient')) {
      return this.#say('450 4.2.1 mailbox busy');
    }
    if (this.conduct === 'refuse_recipients' || (first && this.conduct === 'refuse_first_recipient')) {
      return this.#say('550 5.1.1 no such user');
    }
    this.#to.push(addressIn(line));
    this.#say('250 2.1.5 ok');
  }

  #data(): void {
    if (this.conduct === 'cut_at_data') return void this.socket.destroy();
    if (this.conduct === 'refuse_data') return this.#say('554 5.7.1 refused');
    if (this.#to.length === 0) return this.#say('503 5.5.1 no recipients');
    this.#inData = true;
    this.#say('354 go on');
  }

  #mail(stuffed: Buffer): void {
    this.#inData = false;
    const source = Buffer.from(stuffed.toString('latin1').replace(/^\.\./gm, '.') + '\r\n', 'latin1');
    const take = (): void => void this.receiver.taken.push({ from: this.#from, to: this.#to, source });
    this.receiver.onEndOfData();
    switch (this.conduct) {
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
      if (this.conduct === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOWNESS_MS));
      if (this.socket.writable) this.socket.write(`${answer}\r\n`);
    });
  }
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';
