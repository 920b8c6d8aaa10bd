import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { connectVetted, type VettedHost } from '../platform/security/public-address/index.js';

export type LineConnectionFault =
  'CONNECTION_CLOSED' | 'SILENCE' | 'LINE_TOO_LONG' | 'TEXT_TOO_LONG' | 'DATA_BEFORE_TLS';

/** What went wrong on a connection, beside the errors of node:net and node:tls that pass through unchanged. */
export class LineConnectionError extends Error {
  override readonly name = 'LineConnectionError';
  constructor(readonly code: LineConnectionFault) {
    super(code);
  }
}

export interface LineConnectionOptions {
  /** For each address of the host. */
  readonly connectMs: number;
  /** Longest wait for the next byte; rejects with SILENCE then. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/** The longest line that is read, in bytes; RFC 2449, 4 asks for 512, capability lists of IMAP servers need more. */
const LINE_BYTES = 64 * 1024;
const LF = 10;
const CR = 13;
/** RFC 1939, 3: a line that consists of a single dot. */
const END_OF_TEXT = Buffer.from('\r\n.\r\n');
const STUFFED = Buffer.from('\r\n..');

/**
 * A connection for protocols of lines, read in order by whoever awaits the next line or text: nothing is lost or
 * confused wherever the network cuts the stream. Errors of the socket surface where something is awaited, and only
 * there. Whoever opens one closes it.
 */
export class LineConnection {
  #socket: Socket;
  #pending: Buffer = Buffer.alloc(0);
  #failure: Error | null = null;
  readonly #closed = new AbortController();
  #wake: () => void = () => undefined;

  private constructor(
    socket: Socket,
    private readonly vetted: VettedHost,
    /** Longest wait for the next byte; may be changed between waits. */
    public silenceMs: number,
  ) {
    this.#socket = socket;
    socket.setNoDelay(true); // requests sent ahead are small packets, which would wait for each other's receipt
    this.#listen();
  }

  /** Connects to one of the checked addresses; see connectVetted for how it rejects. */
  static async open(vetted: VettedHost, port: number, options: LineConnectionOptions): Promise<LineConnection> {
    const { connectMs: timeoutMs, signal, silenceMs } = options;
    return new LineConnection(await connectVetted(vetted, port, { timeoutMs, signal }), vetted, silenceMs);
  }

  /**
   * Wraps the connection in TLS, whose certificate must be for the host that was asked for. Rejects with node:tls's
   * errors, and with DATA_BEFORE_TLS where the other side, or somebody between, spoke before the handshake: that
   * must not count as said under TLS (RFC 3207, 6; RFC 9051, 11.1).
   */
  async startTls(options: ConnectionOptions): Promise<TLSSocket> {
    if (this.#pending.length > 0 || this.#socket.readableLength > 0) throw new LineConnectionError('DATA_BEFORE_TLS');
    const plain = this.#socket;
    plain.removeAllListeners('readable');
    const secured = connectTls({
      ...options,
      socket: plain,
      host: this.vetted.host,
      ...(this.vetted.isName && { servername: this.vetted.host }),
    });
    this.#socket = secured;
    this.#listen();
    const silence = AbortSignal.timeout(this.silenceMs);
    try {
      await once(secured, 'secureConnect', { signal: AbortSignal.any([silence, this.#closed.signal]) });
    } catch (error) {
      this.close();
      throw silence.aborted ? new LineConnectionError('SILENCE') : (this.#failure ?? error);
    }
    return secured;
  }

  /** Sends one line; CRLF is added. The caller answers for what is in it. */
  send(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  /** The next line as bytes, without its line end (CRLF, or the LF of careless servers). */
  async readLine(): Promise<Buffer> {
    let end: number;
    let searched = 0;
    while ((end = this.#pending.indexOf(LF, searched)) < 0) {
      if (this.#pending.length > LINE_BYTES) throw new LineConnectionError('LINE_TOO_LONG');
      searched = this.#pending.length;
      this.#pending = Buffer.concat([this.#pending, await this.#more()]);
    }
    const line = this.#pending.subarray(0, end > 0 && this.#pending[end - 1] === CR ? end - 1 : end);
    this.#pending = this.#pending.subarray(end + 1);
    return line;
  }

  /** The next `length` bytes, whatever they are, not kept. */
  async skip(length: number): Promise<void> {
    let missing = length - this.#pending.length;
    this.#pending = this.#pending.subarray(Math.min(length, this.#pending.length));
    while (missing > 0) {
      const chunk = await this.#more();
      this.#pending = chunk.subarray(Math.min(missing, chunk.length));
      missing -= chunk.length;
    }
  }

  /**
   * The text that follows, up to the line of a single dot, byte for byte as it was before dots were stuffed
   * (RFC 1939, 3), its last line end included. Rejects with TEXT_TOO_LONG beyond `maxBytes`; the connection is of no
   * use then.
   */
  async readDotText(maxBytes: number): Promise<Buffer> {
    // as if the line end before the text belonged to it: an empty text is the dot's line alone
    const chunks: Buffer[] = [Buffer.from('\r\n')];
    let chunk = this.#pending.length > 0 ? this.#pending : await this.#more();
    let tail = chunks[0] ?? chunk;
    let bytes = 0;
    for (;;) {
      const end = endOfText(tail, chunk);
      if (end !== null) {
        chunks.push(chunk.subarray(0, end));
        this.#pending = chunk.subarray(end);
        break;
      }
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes + END_OF_TEXT.length) throw new LineConnectionError('TEXT_TOO_LONG');
      tail = Buffer.concat([tail.subarray(-4), chunk.subarray(-4)]).subarray(-4);
      chunk = await this.#more();
    }
    const text = Buffer.concat(chunks);
    return unstuffed(text.subarray(0, text.length - 3));
  }

  /** Ends the connection at once; whoever waits for bytes is rejected with CONNECTION_CLOSED. */
  close(): void {
    this.#fail(new LineConnectionError('CONNECTION_CLOSED'));
    this.#closed.abort();
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('readable', () => this.#wake());
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new LineConnectionError('CONNECTION_CLOSED')));
    this.#socket.on('end', () => this.#fail(new LineConnectionError('CONNECTION_CLOSED')));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  async #more(): Promise<Buffer> {
    const deadline = Date.now() + this.silenceMs;
    for (;;) {
      const chunk = this.#socket.read() as Buffer | null;
      if (chunk) return chunk;
      if (this.#failure) throw this.#failure;
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(() => this.#fail(new LineConnectionError('SILENCE')), deadline - Date.now());
      await woken;
      clearTimeout(timer);
    }
  }
}

/** Where in `chunk` the text ends (behind the dot's line), given the up to four bytes before it. */
function endOfText(tail: Buffer, chunk: Buffer): number | null {
  const border = Buffer.concat([tail.subarray(-4), chunk.subarray(0, 4)]);
  const across = border.indexOf(END_OF_TEXT);
  if (across >= 0) return across + END_OF_TEXT.length - Math.min(4, tail.length);
  const inside = chunk.indexOf(END_OF_TEXT);
  return inside >= 0 ? inside + END_OF_TEXT.length : null;
}

/** Takes a text with a line end before it; gives it without that, and one dot less on lines that begin with two. */
function unstuffed(text: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 2;
  for (let at = text.indexOf(STUFFED); at >= 0; at = text.indexOf(STUFFED, at + 3)) {
    pieces.push(text.subarray(from, at + 3));
    from = at + 4;
  }
  if (pieces.length === 0) return text.subarray(2);
  pieces.push(text.subarray(from));
  return Buffer.concat(pieces);
}
