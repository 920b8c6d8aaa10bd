import { type Readable } from 'node:stream';
import { toAddrSpec } from '@libs/mail-composing';
import { type GatewayFailure } from '../gateway.errors.js';
import {
  type Commit,
  type FromCheck,
  type MailSender,
  type PreparedMail,
  type SendOutcome,
  type SentSearch,
} from '../mail-sender.port.js';
import { LAST_WAIT_MS } from '../with-grace.js';
import { CommitGate } from './commit-gate.js';
import { type DkimKey, signed } from './dkim-signer.js';
import { replyIn, refusedRecipients, smtpFailure } from './smtp-failure.js';
import { type SmtpServerAddress } from './smtp-server-address.js';
import { type Envelope, type SmtpSession } from './smtp-session.js';
import { SmtpSessions } from './smtp-sessions.js';

export interface SmtpMailSenderOptions {
  readonly server: SmtpServerAddress;
  readonly dkim: DkimKey | null;
}

/** What large receivers take; a server that takes less says so (RFC 1870, SIZE), and that is then the limit. */
const MAX_MESSAGE_BYTES = 25 * 1024 * 1024;

/** HRBC's own mail server (R04): anybody may send through it, and it cannot be asked what it has sent. */
export class SmtpMailSender implements MailSender {
  readonly #sessions: SmtpSessions;

  constructor(private readonly options: SmtpMailSenderOptions) {
    this.#sessions = new SmtpSessions(options.server);
  }

  async maxMessageBytes(): Promise<number> {
    return Math.min(MAX_MESSAGE_BYTES, (await this.#sessions.announcedSize()) ?? MAX_MESSAGE_BYTES);
  }

  async send(mail: PreparedMail, commit: Commit, signal: AbortSignal): Promise<SendOutcome> {
    try {
      const session = await this.#sessions.take(signal);
      return await this.#sendOn(session, mail, commit, signal);
    } catch (error) {
      return signal.aborted ? ABORTED : notSent(smtpFailure(error));
    }
  }

  async findSent(): Promise<SentSearch> {
    return { kind: 'unsearchable' };
  }

  /** HRBC's server lets its users send from all their addresses; which those are is decided before (R42). */
  async checkFrom(): Promise<FromCheck> {
    return { sendable: 'yes' };
  }

  /** Takes leave of the server. */
  close(): void {
    this.#sessions.close();
  }

  async #sendOn(session: SmtpSession, mail: PreparedMail, commit: Commit, signal: AbortSignal): Promise<SendOutcome> {
    const gate = new CommitGate(commit);
    const recipients = mail.recipients.map(toAddrSpec);
    const stop = (): void => void setTimeout(() => session.close(), gate.passed ? LAST_WAIT_MS : 0).unref();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const { rejectedErrors } = await session.send(envelopeOf(mail, recipients), this.#through(mail, gate));
      if (!gate.passed) return { kind: 'uncertain', detail: 'accepted_too_early' };
      this.#sessions.giveBack(session);
      return { kind: 'accepted', refused: refusedRecipients(rejectedErrors, recipients), sentAs: null };
    } catch (error) {
      return signal.aborted && !gate.passed ? ABORTED : outcomeOf(error, gate.passed, recipients);
    } finally {
      signal.removeEventListener('abort', stop);
      gate.close();
    }
  }

  #through({ source }: PreparedMail, gate: CommitGate): Readable {
    const { dkim } = this.options;
    return gate.through(dkim === null ? source : () => signed(source, dkim));
  }
}

const envelopeOf = ({ from, returnPath, size, envelopeId }: PreparedMail, to: readonly string[]): Envelope => ({
  from: toAddrSpec(returnPath ?? from),
  to,
  size,
  envelopeId,
});

function outcomeOf(error: unknown, passed: boolean, recipients: readonly string[]): SendOutcome {
  const { rejectedErrors, code } = error as { readonly rejectedErrors?: unknown; readonly code?: unknown };
  const { reply } = replyIn(error);
  const refusedTheMail = code === 'EMESSAGE' && reply !== null && reply >= 400;
  if (passed && !refusedTheMail) return { kind: 'uncertain', detail: 'no_answer_after_data' };
  return { ...notSent(smtpFailure(error)), refused: refusedRecipients(rejectedErrors, recipients) };
}

const notSent = (failure: GatewayFailure) => ({ kind: 'not_sent', failure, refused: [] }) as const;
const ABORTED = notSent({ kind: 'Unavailable', detail: 'aborted' });
