import type { SentSearch } from '../mail-sender.port.js';
import { CLOCK_TOLERANCE_MS, headerIn, MAIL_ID_HEADER } from '../sent-mail.js';
import { type GmailApi, mustBeText } from './gmail-api.js';
import { UNITS } from './gmail-prices.js';

const PAGE = 50;
/** Some 10 MB; a mailbox may send 2,000 mails a day (support.google.com/a/answer/166852). */
const MOST_REMEMBERED = 50_000;

/** What is read of a sent mail. */
interface SentMail {
  /** Our own id of it; null: HRBC has not sent it. */
  readonly mailId: string | null;
  /** The address that it went out with; null: nobody can say. */
  readonly from: string | null;
}

/**
 * What was read of sent mails, which never change. Gmail cannot be asked for a header of ours, so a search reads one mail
 * after the other, at 20 of the 6,000 units that a mailbox has in a minute: without this, a search through more than
 * three hundred mails would never come to its end, and leave nothing for receiving and sending.
 */
export class SentMailMemory {
  readonly #mails = new Map<string, SentMail>();

  constructor(private readonly most = MOST_REMEMBERED) {}

  recall(mailbox: string, id: string): SentMail | undefined {
    return this.#mails.get(`${mailbox} ${id}`);
  }

  remember(mailbox: string, id: string, mail: SentMail): void {
    this.#mails.set(`${mailbox} ${id}`, mail);
    if (this.#mails.size <= this.most) return;
    const [oldest] = this.#mails.keys();
    this.#mails.delete(oldest!);
  }
}

/** The sent mail of one mailbox. */
export class GmailSentMail {
  constructor(
    private readonly api: GmailApi,
    private readonly mailbox: string,
    private readonly memory: SentMailMemory,
  ) {}

  /**
   * Looks for a mail of ours that was sent at this time or later. A search that the quota ends goes on with what it has
   * read when it is begun anew.
   * @throws GatewayError
   */
  async find(mailId: string, since: Date): Promise<SentSearch> {
    const after = Math.floor((since.getTime() - CLOCK_TOLERANCE_MS) / 1_000);
    for (let pageToken: string | undefined; ;) {
      const page = await this.api.read({
        units: UNITS.messagesList,
        ask: (client, options) =>
          client.users.messages.list(
            { userId: 'me', q: `in:sent after:${after}`, maxResults: PAGE, ...(pageToken && { pageToken }) },
            options,
          ),
      });
      for (const { id } of page.messages ?? []) {
        const mail = await this.read(mustBeText(id));
        if (mail.mailId === mailId) return { kind: 'found', sentAs: mail.from };
      }
      if (typeof page.nextPageToken !== 'string') return { kind: 'absent' };
      pageToken = page.nextPageToken;
    }
  }

  /** @throws GatewayError */
  async read(id: string): Promise<SentMail> {
    const known = this.memory.recall(this.mailbox, id);
    if (known) return known;
    const { payload } = await this.api.read({
      units: this.api.prices.messagesGet,
      ask: (client, options) =>
        client.users.messages.get(
          { userId: 'me', id, format: 'metadata', metadataHeaders: [MAIL_ID_HEADER, 'From'] },
          options,
        ),
    });
    const mail = {
      mailId: headerIn(payload?.headers, MAIL_ID_HEADER),
      from: addressIn(headerIn(payload?.headers, 'From')),
    };
    this.memory.remember(this.mailbox, id, mail);
    return mail;
  }
}

const addressIn = (from: string | null): string | null =>
  from === null ? null : (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim());
