import { bccHeader } from '@libs/mail-composing';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommitOnce } from '../commit-once.js';
import { GatewayError, type GatewayFailure } from '../gateway.errors.js';
import {
  type Commit,
  type FromCheck,
  type MailSender,
  type PreparedMail,
  type SendOutcome,
  type SentSearch,
} from '../mail-sender.port.js';
import type { GraphAccount } from '../oauth-account.js';
import type { SentMailMemory } from '../sent-mail-memory.js';
import { GraphConnection, type GraphEndpoint } from './graph-connection.js';
import { PROFILE, SEND_MAIL } from './graph-paths.js';
import { GraphSentMail } from './graph-sent-mail.js';

export type GraphSendingAccount = Pick<GraphAccount, 'mailbox' | 'tokens'>;

/**
 * A request may have 4 MB, and the MIME goes in base64 (user-sendmail.md). Above that Graph wants a draft and an upload
 * session, for which Mail.Send is not enough: the limit is told before anybody sends.
 */
const MAX_MESSAGE_BYTES = 3_000_000;
/** Exchange files a sent mail a moment after it has answered. */
const LOOKS_INTO_SENT = 3;
const PAUSE_MS = 1_000;

/** Sends by Microsoft Graph (R02). The client library repeats a POST by itself; here nothing does. */
export class GraphMailSender implements MailSender {
  constructor(
    private readonly account: GraphSendingAccount,
    private readonly endpoint: GraphEndpoint,
    private readonly memory: SentMailMemory,
    private readonly pauseMs = PAUSE_MS,
  ) {}

  async maxMessageBytes(): Promise<number> {
    return MAX_MESSAGE_BYTES;
  }

  async send(mail: PreparedMail, commit: Commit, signal: AbortSignal): Promise<SendOutcome> {
    const committing = new CommitOnce(commit);
    const began = new Date();
    try {
      const mime = Buffer.concat([Buffer.from(bccHeader(mail.bcc)), await buffer(mail.source())]).toString('base64');
      await this.#connection(signal).postOnce(SEND_MAIL, mime, async () => {
        signal.throwIfAborted();
        await committing.ask();
      });
    } catch (error) {
      return outcomeOf(error, committing.given, signal);
    }
    return { kind: 'accepted', refused: [], sentAs: await this.#sentAs(mail.mailId, began, signal) };
  }

  async findSent(mailId: string, since: Date, signal: AbortSignal): Promise<SentSearch> {
    return this.#sent(signal).find(mailId, since);
  }

  /** The mailbox's own addresses work; whether the right to send as another one was granted cannot be asked. */
  async checkFrom(address: string, signal: AbortSignal): Promise<FromCheck> {
    const { mail, userPrincipalName } = await this.#connection(signal).json(PROFILE);
    const own = [mail, userPrincipalName].some((known) => String(known).toLowerCase() === address.toLowerCase());
    return { sendable: own ? 'yes' : 'unknown' };
  }

  /** An alias is put back to the primary address without a word; the copy in Sent Items shows it (R43). */
  async #sentAs(mailId: string, since: Date, signal: AbortSignal): Promise<string | null> {
    try {
      for (let look = 1; look <= LOOKS_INTO_SENT; look++) {
        const found = await this.#sent(signal).findFiled(mailId, since);
        if (found.kind === 'found') return found.sentAs;
        if (look < LOOKS_INTO_SENT) await sleep(this.pauseMs, undefined, { signal });
      }
    } catch {
      // The mail is sent; that nobody can say as whom is no failure of sending it.
    }
    return null;
  }

  #sent(signal: AbortSignal): GraphSentMail {
    return new GraphSentMail(this.#connection(signal), this.account.mailbox, this.memory);
  }

  #connection(signal: AbortSignal): GraphConnection {
    const { mailbox, tokens } = this.account;
    return new GraphConnection({ endpoint: this.endpoint, mailbox, tokens, signal });
  }
}

function outcomeOf(error: unknown, committed: boolean, signal: AbortSignal): SendOutcome {
  const failure = failureIn(error);
  if (!committed && signal.aborted) return notSent({ kind: 'Unavailable', detail: 'aborted' });
  if (!committed || isRefusal(failure)) return notSent(failure);
  return { kind: 'uncertain', detail: failure.kind };
}

/** Answers of 4xx: Graph has looked at the request and not carried it out. Of a 503 nobody can be sure. */
function isRefusal({ kind }: GatewayFailure): boolean {
  switch (kind) {
    case 'AuthorizationLost':
    case 'PermissionMissing':
    case 'MailboxNotSupported':
    case 'RateLimited':
    case 'Rejected':
      return true;
    case 'Unavailable':
    case 'CursorInvalid':
    case 'MessageUnreadable':
    case 'Unknown':
      return false;
  }
}

const notSent = (failure: GatewayFailure): SendOutcome => ({ kind: 'not_sent', failure, refused: [] });

const failureIn = (error: unknown): GatewayFailure =>
  error instanceof GatewayError ? error.failure : { kind: 'Unknown', detail: 'unexpected' };
