import { headerFacts, isWanted } from '../found-mail.js';
import type { Findings, FoundMail, MailFinder, MailPlace, WantedMail } from '../mail-finder.port.js';
import type { GmailAccount, GmailEndpoint } from './gmail-account.js';
import { GmailApi, mustBeText } from './gmail-api.js';
import { orGone } from './gmail-inbox.js';
import { UNITS } from './gmail-prices.js';

/** Mails looked at; each costs as much as reading it. */
const MOST_MAILS = 50;
const REQUEST_MS = 10_000;
/** A label that tells where a mail is, and the first of them counts. */
const PLACES = [
  ['INBOX', 'inbox'],
  ['SPAM', 'junk'],
  ['TRASH', 'trash'],
] as const satisfies readonly (readonly [string, MailPlace])[];
/** Mail that was written and not received. */
const LEFT_OUT = ['SENT', 'DRAFT'];

/** Looks for a mail by Gmail's search, whatever labels it carries (R37; support.google.com/mail/answer/7190). */
export class GmailMailFinder implements MailFinder {
  constructor(
    private readonly account: GmailAccount,
    private readonly endpoint: GmailEndpoint,
  ) {}

  async find(wanted: WantedMail, signal: AbortSignal): Promise<Findings> {
    const { account, endpoint } = this;
    const api = new GmailApi({ account, endpoint, signal, requestMs: REQUEST_MS });
    const { messages = [], nextPageToken } = await api.read({
      units: UNITS.messagesList,
      ask: (client, options) =>
        client.users.messages.list(
          { userId: 'me', q: queryOf(wanted), includeSpamTrash: true, maxResults: MOST_MAILS },
          options,
        ),
    });
    const found: FoundMail[] = [];
    for (const { id } of messages) found.push(...(await this.#described(api, mustBeText(id))));
    const complete = nextPageToken === undefined || nextPageToken === null;
    return { found: found.filter((mail) => isWanted(wanted, mail)), complete, otherFolders: true };
  }

  async #described(api: GmailApi, id: string): Promise<readonly FoundMail[]> {
    const described = await orGone(
      api.read({
        units: api.prices.messagesGet,
        ask: (client, options) =>
          client.users.messages.get(
            { userId: 'me', id, format: 'metadata', metadataHeaders: ['From', 'Message-ID'] },
            options,
          ),
      }),
    );
    if (described === null) return [];
    const { labelIds, internalDate, payload } = described;
    const labels = labelIds ?? [];
    const place = PLACES.find(([label]) => labels.includes(label))?.[1] ?? 'other';
    if (place !== 'inbox' && LEFT_OUT.some((label) => labels.includes(label))) return [];
    const header = (payload?.headers ?? []).map(({ name, value }) => `${name ?? ''}: ${value ?? ''}\r\n`).join('');
    const receivedAt = new Date(Number(mustBeText(internalDate)));
    return [{ place, folder: null, receivedAt, ...headerFacts(Buffer.from(`${header}\r\n`)) }];
  }
}

/** Seconds since 1970 have no time zone; a second more on either side, as Gmail does not say whether it counts. */
function queryOf(wanted: WantedMail): string {
  if ('messageId' in wanted) return `rfc822msgid:${wanted.messageId.replace(/^<|>$/g, '').replace(/\s+/g, '')}`;
  const senders = wanted.from
    .split(/[\s"'(){}:,<>]+/)
    .filter((word) => word !== '')
    .map((word) => `from:${word}`);
  const seconds = (date: Date): number => Math.floor(date.getTime() / 1_000);
  return [...senders, `after:${seconds(wanted.since) - 1}`, `before:${seconds(wanted.until) + 1}`].join(' ');
}
