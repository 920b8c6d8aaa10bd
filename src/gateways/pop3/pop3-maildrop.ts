import { createHash } from 'node:crypto';
import { GatewayError } from '../gateway.errors.js';
import type { ReaderEnvironment } from '../reader-environment.js';
import { receivedDate } from '../received-date.js';
import { Pop3Connection } from './pop3-connection.js';
import { pop3Failure } from './pop3-failure.js';
import { type Pipeline, pipelined } from './pop3-pipeline.js';
import { type ListedMail, Pop3Refusal, type Pop3Session } from './pop3-session.js';

/** A mail of the INBOX, by what it is called in every session. */
export interface MaildropEntry {
  /** UIDL, or a hash of the header on servers without; null where neither can be had: the mail cannot be recognised. */
  readonly id: string | null;
  /** Unique in the INBOX: the id and how often it stood there before; without an id, good for one session only. */
  readonly key: string;
  /** Bytes, as the server says. */
  readonly size: number;
}

/** Sends requests for texts of mails; they are answered in order. */
export type RequestText = (session: Pop3Session, number: number) => void;

/** Longest header that is read. */
const HEADER_BYTES = 1024 * 1024;

/**
 * The INBOX during one pass, over connections that come and go. Numbers are valid for one connection only (RFC 1939,
 * 4), so that mails are called by what outlives it.
 */
export class Pop3Maildrop {
  #connection: Pop3Connection | null = null;
  #numbers = new Map<string, number>();
  #entries: readonly MaildropEntry[] = [];

  constructor(private readonly environment: ReaderEnvironment) {}

  /** The mails of the INBOX, in its order, as the present connection lists them. Opens one if there is none. */
  async entries(): Promise<readonly MaildropEntry[]> {
    await this.#connected();
    return this.#entries;
  }

  /** When each mail was received, by its header; those that are gone or whose header does not say it are missing. */
  async receivedDates(entries: readonly MaildropEntry[]): Promise<Map<MaildropEntry, Date>> {
    const dates = new Map<MaildropEntry, Date>();
    await this.texts(entries, requestHeader, HEADER_BYTES, (entry, answer) => {
      const date = answer instanceof Buffer ? receivedDate(answer) : null;
      if (date) dates.set(entry, date);
    });
    return dates;
  }

  /** Requests a text of each mail that is still there, and hands over the answers or refusals. */
  async texts(
    entries: readonly MaildropEntry[],
    request: RequestText,
    maxBytes: number,
    take: Pipeline<MaildropEntry>['take'],
  ): Promise<void> {
    const connection = await this.#connected();
    const items = entries.filter((entry) => this.has(entry));
    const ask = (session: Pop3Session, entry: MaildropEntry): void => {
      request(session, this.#numbers.get(entry.key) ?? 0);
    };
    await connection.run((session) =>
      pipelined(session, connection.capabilities, { items, request: (entry) => ask(session, entry), take, maxBytes }),
    );
  }

  /** Whether the present connection lists the mail. */
  has(entry: MaildropEntry): boolean {
    return this.#numbers.has(entry.key);
  }

  /** Says QUIT and ends the connection; the next question opens another one and lists anew. Never rejects. */
  async disconnect(): Promise<void> {
    await this.#connection?.close();
    this.#connection = null;
  }

  async #connected(): Promise<Pop3Connection> {
    if (this.#connection?.isUsable) return this.#connection;
    await this.disconnect();
    const connection = await Pop3Connection.open(this.environment);
    this.#connection = connection;
    await this.#list(connection).catch((error: unknown) => {
      throw new GatewayError(pop3Failure(error, 'reading'));
    });
    return connection;
  }

  async #list(connection: Pop3Connection): Promise<void> {
    const listed = await connection.run((session) => session.list());
    const ids = await this.#ids(connection, listed);
    const seen = new Map<string, number>();
    this.#numbers = new Map();
    this.#entries = listed.map(({ number, size }) => {
      const id = ids.get(number) ?? null;
      const before = seen.get(id ?? '') ?? 0;
      seen.set(id ?? '', before + 1);
      const key = id === null ? `number ${number}` : `${id} ${before}`;
      this.#numbers.set(key, number);
      return { id, key, size };
    });
  }

  /** Number → id. UIDL is optional (RFC 1939, 7), and so is TOP. */
  async #ids(connection: Pop3Connection, listed: readonly ListedMail[]): Promise<Map<number, string>> {
    try {
      return await connection.run((session) => session.uniqueIds());
    } catch (error) {
      if (!(error instanceof Pop3Refusal)) throw error;
    }
    const ids = new Map<number, string>();
    await connection.run((session) =>
      pipelined(session, connection.capabilities, {
        items: listed,
        request: ({ number }) => requestHeader(session, number),
        take: ({ number }, header) => {
          if (header instanceof Buffer) ids.set(number, createHash('sha256').update(header).digest('base64url'));
        },
        maxBytes: HEADER_BYTES,
      }),
    );
    return ids;
  }
}

const requestHeader: RequestText = (session, number) => session.requestTop(number, 0);
