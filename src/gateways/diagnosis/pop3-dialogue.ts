import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { LineConnection } from '../line-connection.js';
import { pop3Failure, type Pop3Phase } from '../pop3/pop3-failure.js';
import { NotPop3, Pop3Refusal, Pop3Session } from '../pop3/pop3-session.js';
import { failureCode } from './failure-code.js';
import type { MailDialogue } from './mail-dialogue.js';
import { StepFailure } from './step-failure.js';

/** A diagnosis over POP3, with the session that also reads mail. */
export class Pop3Dialogue implements MailDialogue {
  readonly #session: Pop3Session;

  constructor(private readonly connection: LineConnection) {
    this.#session = new Pop3Session(connection);
  }

  async greeting(): Promise<void> {
    try {
      await this.#session.greeting();
    } catch (error) {
      if (error instanceof NotPop3) {
        throw new StepFailure(/^\* (OK|BYE|PREAUTH)\b/i.test(error.line) ? 'other_protocol' : 'not_a_mail_server');
      }
      if (error instanceof Pop3Refusal) throw new StepFailure('refused_at_greeting');
      throw error;
    }
  }

  async offersStartTls(): Promise<boolean> {
    return (await this.#session.capabilities()).has('STLS');
  }

  async startTls(options: ConnectionOptions): Promise<TLSSocket | null> {
    try {
      return await this.#session.startTls(options);
    } catch (error) {
      if (error instanceof Pop3Refusal) return null;
      throw error;
    }
  }

  login(accountName: string, password: string): Promise<void> {
    return judged('login', () => this.#session.login(accountName, password));
  }

  inbox(): Promise<number> {
    return judged('reading', () => this.#session.count());
  }

  leave(): void {
    this.connection.send('QUIT');
  }
}

async function judged<T>(phase: Pop3Phase, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Pop3Refusal)) throw error;
    const code = failureCode(pop3Failure(error, phase));
    throw new StepFailure(phase === 'reading' && code === 'protocol_error' ? 'inbox_refused' : code);
  }
}
