import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { LineConnection } from '../line-connection.js';

/** The server answered `-ERR`. */
export class Pop3Refusal extends Error {
  override readonly name = 'Pop3Refusal';
  constructor(
    /** RFC 2449, 8: `IN-USE`, `LOGIN-DELAY`, `AUTH`, `SYS/TEMP`, `SYS/PERM` … in capitals; null if it gave none. */
    readonly responseCode: string | null,
    /** The server's words; for decisions, not for logs. */
    readonly text: string,
  ) {
    super('the POP3 server answered -ERR');
  }
}

/** The server answered neither `+OK` nor `-ERR`: whatever this is, it is not POP3. */
export class NotPop3 extends Error {
  override readonly name = 'NotPop3';
  readonly code = 'NOT_POP3';
  constructor(readonly line: string) {
    super('the server does not speak POP3');
  }
}

export interface ListedMail {
  /** Valid in this session only (RFC 1939, 4). */
  readonly number: number;
  /** Bytes, with CRLF as line ends; servers that count otherwise exist. */
  readonly size: number;
}

const LIST_BYTES = 64 * 1024 * 1024;
const CAPABILITY_BYTES = 64 * 1024;

/**
 * POP3 commands on a connection (RFC 1939; CAPA RFC 2449; STLS RFC 2595). There is no DELE here, and nothing that is
 * not a number ever stands in a command but account and password, which hold no line end (see assertTransmissible).
 * Refusals reject with Pop3Refusal. Commands may be sent without waiting for the answers before; answers come in order.
 */
export class Pop3Session {
  constructor(private readonly connection: LineConnection) {}

  async greeting(): Promise<void> {
    await this.#status();
  }

  /** Names of capabilities, in capitals; empty where the server knows no CAPA. */
  async capabilities(): Promise<ReadonlySet<string>> {
    this.connection.send('CAPA');
    try {
      await this.#status();
    } catch (error) {
      if (error instanceof Pop3Refusal) return new Set();
      throw error;
    }
    const lines = (await this.connection.readDotText(CAPABILITY_BYTES)).toString('latin1').split('\r\n');
    return new Set(lines.map((line) => line.split(' ')[0]?.toUpperCase() ?? ''));
  }

  async startTls(options: ConnectionOptions): Promise<TLSSocket> {
    await this.#command('STLS');
    return this.connection.startTls(options);
  }

  async login(accountName: string, password: string): Promise<void> {
    await this.#command(`USER ${accountName}`);
    await this.#command(`PASS ${password}`);
  }

  /** How many mails the INBOX holds. */
  async count(): Promise<number> {
    return Number((await this.#command('STAT')).split(' ')[0]);
  }

  /** Every mail of the INBOX, in the order of its numbers. */
  async list(): Promise<ListedMail[]> {
    const pairs = await this.#pairs('LIST');
    return pairs.map(([number, size]) => ({ number, size: Number(size) || 0 }));
  }

  /** Number → unique id (RFC 1939, 7: UIDL). Rejects with Pop3Refusal on servers without UIDL. */
  async uniqueIds(): Promise<Map<number, string>> {
    return new Map(await this.#pairs('UIDL'));
  }

  /** Asks for the header and `lines` lines of the body of each mail; the answers come by readText, in this order. */
  requestTop(number: number, lines: number): void {
    this.connection.send(`TOP ${number} ${lines}`);
  }

  requestWhole(number: number): void {
    this.connection.send(`RETR ${number}`);
  }

  /** The answer to the next unanswered request; rejects with Pop3Refusal, after which the next answer follows. */
  async readText(maxBytes: number): Promise<Buffer> {
    await this.#status();
    return this.connection.readDotText(maxBytes);
  }

  /** Ends the session; without DELE it changes nothing (RFC 1939, 6), but without it the INBOX may stay locked. */
  async quit(): Promise<void> {
    await this.#command('QUIT');
  }

  async #pairs(command: 'LIST' | 'UIDL'): Promise<[number, string][]> {
    await this.#command(command);
    const lines = (await this.connection.readDotText(LIST_BYTES)).toString('latin1').split('\r\n');
    return lines.flatMap((line) => {
      const found = /^\s*(\d+)\s+(\S+)/.exec(line);
      return found ? [[Number(found[1]), found[2] ?? ''] satisfies [number, string]] : [];
    });
  }

  async #command(line: string): Promise<string> {
    this.connection.send(line);
    return this.#status();
  }

  /** RFC 1939, 3: a status line. Gives the text behind `+OK`. */
  async #status(): Promise<string> {
    const line = (await this.connection.readLine()).toString('utf8');
    const found = /^(\+OK|-ERR)(?:\s+(.*))?$/is.exec(line);
    if (!found) throw new NotPop3(line);
    const text = found[2] ?? '';
    if (found[1]?.toUpperCase() !== '-ERR') return text;
    const code = /^\[([^\]]+)\]/.exec(text)?.[1]?.toUpperCase() ?? null;
    throw new Pop3Refusal(code, text);
  }
}
