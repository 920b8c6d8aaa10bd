import { GatewayError } from '../gateway.errors.js';
import type { SentSearch } from '../mail-sender.port.js';
import { CLOCK_TOLERANCE_MS, headerIn, MAIL_ID_HEADER } from '../sent-mail.js';
import type { SentMail, SentMailMemory } from '../sent-mail-memory.js';
import { type GmailApi, mustBeText } from './gmail-api.js';
import { UNITS } from './gmail-prices.js';

const PAGE = 50;

/** The sent mail of one mailbox. */
export class GmailSentMail {
  constructor(
    private readonly api: GmailApi,
    private readonly mailbox: string,
    private readonly memory: SentMailMemory,
  ) {}

  /**
   * Looks for a mail of ours that was sent at this time or later, wherever it lies by now, the bin included. A search
   * that the quota ends goes on with what it has read when it is begun anew.
   * @throws GatewayError
   */
  async find(mailId: string, since: Date): Promise<SentSearch> {
    const after = Math.floor((since.getTime() - CLOCK_TOLERANCE_MS) / 1_000);
    for (let pageToken: string | undefined; ;) {
      const page = await this.api.read({
        units: UNITS.messagesList,
        ask: (client, options) =>
          client.users.messages.list(
            {
              userId: 'me',
              labelIds: ['SENT'],
              includeSpamTrash: true,
              q: `after:${after}`,
              maxResults: PAGE,
              ...(pageToken && { pageToken }),
            },
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

  /**
   * All header fields, not those of some names: how Gmail compares names is not documented, and the price is the same.
   * @throws GatewayError
   */
  async read(id: string): Promise<SentMail> {
    const known = this.memory.recall(this.mailbox, id);
    if (known) return known;
    const { payload } = await this.api.read({
      units: this.api.prices.messagesGet,
      ask: (client, options) => client.users.messages.get({ userId: 'me', id, format: 'metadata' }, options),
    });
    const from = addressIn(headerIn(payload?.headers, 'From'));
    // Every sent mail has a sender: an answer without one is half an answer, and proves the absence of nothing.
    if (from === null) throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
    const mail = { mailId: headerIn(payload?.headers, MAIL_ID_HEADER), from };
    this.memory.remember(this.mailbox, id, mail);
    return mail;
  }
}

const addressIn = (from: string | null): string | null =>
  from === null ? null : (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim());
