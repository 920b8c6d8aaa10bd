import { bccHeader } from '@libs/mail-composing';
import { Readable } from 'node:stream';
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
import type { SentMailMemory } from '../sent-mail-memory.js';
import type { GmailAccount, GmailEndpoint } from './gmail-account.js';
import { type CallOptions, GmailApi, mustBeText } from './gmail-api.js';
import { UNITS } from './gmail-prices.js';
import { GmailSentMail } from './gmail-sent-mail.js';
import { LAST_WAIT_MS, withGrace } from '../with-grace.js';

export type GmailSendingAccount = Pick<GmailAccount, 'mailbox' | 'tokens' | 'quota'>;

/** Of a whole mail, uploaded as it is (users.messages.send). */
const MAX_MESSAGE_BYTES = 36_700_160;
const REQUEST_MS = 60_000;

/** Sends by the Gmail API (R03). Gmail puts a From that it does not know back in silence, so it is asked before (R44). */
export class GmailMailSender implements MailSender {
  constructor(
    private readonly account: GmailSendingAccount,
    private readonly endpoint: GmailEndpoint,
    private readonly memory: SentMailMemory,
  ) {}

  async maxMessageBytes(): Promise<number> {
    return MAX_MESSAGE_BYTES;
  }

  async send(mail: PreparedMail, commit: Commit, signal: AbortSignal): Promise<SendOutcome> {
    const committing = new CommitOnce(commit);
    const api = this.#api(signal);
    let id: string;
    try {
      const check = await sendAs(api, mail.from);
      if (check.sendable === 'no') return notSent({ kind: 'Rejected', code: `from_${check.reason}` });
      id = await this.#handOver(mail, await threadOf(api, mail.inReplyTo), committing, signal);
    } catch (error) {
      return outcomeOf(error, committing.given, signal);
    }
    return { kind: 'accepted', refused: [], sentAs: await this.#sentAs(api, id) };
  }

  async findSent(mailId: string, since: Date, signal: AbortSignal): Promise<SentSearch> {
    return this.#sent(this.#api(signal)).find(mailId, since);
  }

  async checkFrom(address: string, signal: AbortSignal): Promise<FromCheck> {
    return sendAs(this.#api(signal), address);
  }

  /** The bytes themselves, not base64 inside JSON: larger mail fits, and none is held. */
  async #handOver(
    mail: PreparedMail,
    threadId: string | null,
    commit: CommitOnce,
    signal: AbortSignal,
  ): Promise<string> {
    const requestBody = threadId === null ? {} : { threadId };
    const { id } = await withGrace(signal, LAST_WAIT_MS, async (patient) =>
      this.#api(patient).once({
        units: UNITS.messagesSend,
        ask: async (client, options) => {
          signal.throwIfAborted();
          await commit.ask();
          const media = { mimeType: 'message/rfc822', body: withBcc(mail) };
          // Uploads know nothing of the client's address and would go to Google's own.
          const upload: CallOptions & { readonly rootUrl: string } = { ...options, rootUrl: `${this.endpoint.url}/` };
          return client.users.messages.send({ userId: 'me', requestBody, media }, upload);
        },
      }),
    );
    return mustBeText(id);
  }

  /** The From that the mail went out with; null: it is sent, and nobody can say as whom. */
  async #sentAs(api: GmailApi, id: string): Promise<string | null> {
    try {
      return (await this.#sent(api).read(id)).from;
    } catch (error) {
      if (error instanceof GatewayError) return null;
      throw error;
    }
  }

  #sent(api: GmailApi): GmailSentMail {
    return new GmailSentMail(api, this.account.mailbox, this.memory);
  }

  #api(signal: AbortSignal): GmailApi {
    return new GmailApi({ account: this.account, endpoint: this.endpoint, signal, requestMs: REQUEST_MS });
  }
}

function withBcc({ bcc, source }: PreparedMail): Readable {
  return Readable.from(
    (async function* () {
      yield Buffer.from(bccHeader(bcc));
      for await (const chunk of source()) yield chunk as Buffer;
    })(),
    { objectMode: false },
  );
}

/** The account's own address has no verification status; every other one needs `accepted` (users.settings.sendAs). */
async function sendAs(api: GmailApi, address: string): Promise<FromCheck> {
  const { sendAs: entries = [] } = await api.read({
    units: UNITS.sendAsList,
    ask: (client, options) => client.users.settings.sendAs.list({ userId: 'me' }, options),
  });
  const entry = entries.find(({ sendAsEmail }) => sendAsEmail?.toLowerCase() === address.toLowerCase());
  if (!entry) return { sendable: 'no', reason: 'not_registered' };
  // An alias of the same domain may have no status at all, and works.
  const status = entry.verificationStatus ?? 'accepted';
  return entry.isPrimary === true || status === 'accepted'
    ? { sendable: 'yes' }
    : { sendable: 'no', reason: 'not_verified' };
}

/** Gmail joins threads by its own id, and by header fields only for who receives the mail (guides/threads). */
async function threadOf(api: GmailApi, answered: string | null): Promise<string | null> {
  if (answered === null) return null;
  const { messages = [] } = await api.read({
    units: UNITS.messagesList,
    ask: (client, options) =>
      client.users.messages.list(
        { userId: 'me', q: `rfc822msgid:${answered.replace(/^<|>$/g, '')}`, maxResults: 1 },
        options,
      ),
  });
  return messages[0]?.threadId ?? null;
}

function outcomeOf(error: unknown, committed: boolean, signal: AbortSignal): SendOutcome {
  if (!committed && signal.aborted) return notSent({ kind: 'Unavailable', detail: 'aborted' });
  if (!(error instanceof GatewayError)) {
    const failure = { kind: 'Unknown', detail: 'unexpected' } as const;
    return committed ? { kind: 'uncertain', detail: failure.detail } : notSent(failure);
  }
  const { failure } = error;
  // Without an answer, or after one of 5xx, nobody knows; every other answer says that nothing was sent.
  if (committed && failure.kind === 'Unavailable') return { kind: 'uncertain', detail: failure.detail };
  return notSent(failure);
}

const notSent = (failure: GatewayFailure): SendOutcome => ({ kind: 'not_sent', failure, refused: [] });
