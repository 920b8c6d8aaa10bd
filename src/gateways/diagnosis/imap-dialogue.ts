import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { imapFailure } from '../imap/imap-failure.js';
import type { LineConnection } from '../line-connection.js';
import { failureCode } from './failure-code.js';
import type { MailDialogue } from './mail-dialogue.js';
import { StepFailure } from './step-failure.js';

/** More lines than this in answer to one command are not an answer. */
const ANSWER_LINES = 1000;
const LITERAL_BYTES = 1024 * 1024;

/**
 * The few IMAP commands of a diagnosis, spoken line by line, so that it can be said at which step a server failed
 * (RFC 3501). Logs in as imapflow does: by SASL PLAIN or LOGIN where offered, else by the LOGIN command.
 */
export class ImapDialogue implements MailDialogue {
  #tag = 0;
  #capabilities: ReadonlySet<string> | null = null;

  constructor(private readonly connection: LineConnection) {}

  async greeting(): Promise<void> {
    const line = await this.#line();
    if (/^\* (OK|PREAUTH)\b/i.test(line)) return;
    if (/^\* BYE\b/i.test(line)) throw new StepFailure('refused_at_greeting');
    throw new StepFailure(/^(\+OK|-ERR)\b/i.test(line) ? 'other_protocol' : 'not_a_mail_server');
  }

  async offersStartTls(): Promise<boolean> {
    return (await this.#capability()).has('STARTTLS');
  }

  async startTls(options: ConnectionOptions): Promise<TLSSocket | null> {
    try {
      await this.#command('STARTTLS');
    } catch (error) {
      if (error instanceof CommandRefused) return null;
      throw error;
    }
    this.#capabilities = null; // what was said before TLS does not count (RFC 9051, 6.2.1)
    return this.connection.startTls(options);
  }

  async login(accountName: string, password: string): Promise<void> {
    const capabilities = await this.#capability();
    const plain = Buffer.from(`\0${accountName}\0${password}`).toString('base64');
    const [account, secret] = [accountName, password].map((text) => Buffer.from(text).toString('base64'));
    try {
      if (capabilities.has('AUTH=PLAIN')) await this.#command('AUTHENTICATE PLAIN', [plain]);
      else if (capabilities.has('AUTH=LOGIN')) await this.#command('AUTHENTICATE LOGIN', [account ?? '', secret ?? '']);
      else if (capabilities.has('LOGINDISABLED')) throw new StepFailure('login_disabled');
      else await this.#command(`LOGIN ${quoted(accountName)} ${quoted(password)}`);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      const failure = imapFailure(Object.assign(error, { authenticationFailed: true }));
      throw new StepFailure(failureCode(failure));
    }
    this.#capabilities = null;
  }

  async inbox(): Promise<number> {
    try {
      const lines = await this.#command('EXAMINE INBOX');
      const exists = lines.map((line) => /^\* (\d+) EXISTS/i.exec(line)?.[1]).find((count) => count !== undefined);
      return Number(exists ?? 0);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      const code = failureCode(imapFailure(error));
      throw new StepFailure(code === 'protocol_error' ? 'inbox_refused' : code);
    }
  }

  leave(): void {
    this.connection.send(`A${++this.#tag} LOGOUT`);
  }

  async #capability(): Promise<ReadonlySet<string>> {
    if (this.#capabilities) return this.#capabilities;
    const lines = await this.#command('CAPABILITY');
    const words = lines.flatMap((line) => /^\* CAPABILITY (.*)$/i.exec(line)?.[1]?.toUpperCase().split(' ') ?? []);
    return (this.#capabilities = new Set(words));
  }

  /** Sends a command, and one of `continuations` each time the server asks on; gives the untagged lines. */
  async #command(command: string, continuations: readonly string[] = []): Promise<string[]> {
    const tag = `A${++this.#tag}`;
    const waiting = [...continuations];
    this.connection.send(`${tag} ${command}`);
    const untagged: string[] = [];
    for (let count = 0; count < ANSWER_LINES; count++) {
      const line = await this.#line();
      if (line.startsWith('+')) this.connection.send(waiting.shift() ?? '*');
      else if (!line.startsWith(`${tag} `)) untagged.push(line);
      else if (/^\S+ OK\b/i.test(line)) return untagged;
      else throw refusal(line);
    }
    throw new StepFailure('protocol_error');
  }

  /** A line, literals passed over: nothing that a diagnosis asks for comes in one. */
  async #line(): Promise<string> {
    let text = (await this.connection.readLine()).toString('utf8');
    for (let found; (found = /\{(\d+)\}$/.exec(text));) {
      const length = Number(found[1]);
      if (length > LITERAL_BYTES || text.length > LITERAL_BYTES) throw new StepFailure('protocol_error');
      await this.connection.skip(length);
      text = `${text.slice(0, found.index)}"" ${(await this.connection.readLine()).toString('utf8')}`;
    }
    return text;
  }
}

/** NO or BAD, with the fields by which imapFailure reads imapflow's errors. */
class CommandRefused extends Error {
  constructor(
    readonly responseStatus: 'NO' | 'BAD',
    readonly serverResponseCode: string | undefined,
    readonly responseText: string,
  ) {
    super('Command failed');
  }
}

function refusal(line: string): CommandRefused {
  const [, status, code, text = ''] = /^\S+ (NO|BAD)\s*(?:\[([^\s\]]+)[^\]]*\])?(.*)$/i.exec(line) ?? [];
  return new CommandRefused(status?.toUpperCase() === 'NO' ? 'NO' : 'BAD', code?.toUpperCase(), text);
}

/** A quoted string (RFC 9051, 9). Other than ASCII is against the rules there, and what servers take as UTF-8. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
