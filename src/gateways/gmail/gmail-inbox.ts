import { GatewayError } from '../gateway.errors.js';
import { type GmailApi, mustBeText } from './gmail-api.js';
import { UNITS } from './gmail-prices.js';

const INBOX = 'INBOX';
/** The most that messages.list and history.list give at once. */
export const PAGE = 500;

/** Which mails of the INBOX; seconds since 1970, both edges left out or taken in as Gmail likes. */
export interface Listing {
  readonly after?: number;
  readonly before?: number;
  readonly pageToken?: string;
}

export interface ListedPage {
  /** Newest first. */
  readonly ids: readonly string[];
  readonly nextPageToken: string | null;
}

/** A mail as it is in the mailbox at this moment. */
export interface InboxMail {
  readonly source: Buffer;
  readonly receivedAt: Date;
}

export interface HistoryPage {
  /** Mails that came into the INBOX or were moved there, with the change that says so; oldest first, with repeats. */
  readonly arrivals: readonly { readonly id: string; readonly historyId: string }[];
  /** Where the mailbox stood when this page was made. */
  readonly historyId: string;
  readonly nextPageToken: string | null;
}

/** The INBOX as the Gmail API shows it. GETs only: nothing here marks or moves anything (R38). */
export class GmailInbox {
  constructor(private readonly api: GmailApi) {}

  /** Ids only; the received time of each is known when it is fetched. */
  async list({ after, before, pageToken }: Listing): Promise<ListedPage> {
    // Dates in a query would be Pacific time; seconds since 1970 have no time zone (guides/filtering).
    const q = [after === undefined ? '' : `after:${after}`, before === undefined ? '' : `before:${before}`];
    const query = q.filter((term) => term !== '').join(' ');
    const data = await this.api.read({
      units: UNITS.messagesList,
      ask: (client, options) =>
        client.users.messages.list(
          {
            userId: 'me',
            labelIds: [INBOX],
            maxResults: PAGE,
            ...(query !== '' && { q: query }),
            ...(pageToken !== undefined && { pageToken }),
          },
          options,
        ),
    });
    return { ids: (data.messages ?? []).map(({ id }) => mustBeText(id)), nextPageToken: data.nextPageToken ?? null };
  }

  /**
   * One mail, byte for byte; null: it is gone, or no longer in the INBOX. It is looked at alone: that others of its
   * thread are in the INBOX does not put it there (R37).
   */
  async mail(id: string): Promise<InboxMail | null> {
    const data = await this.#message(id, 'raw');
    if (!data?.labelIds?.includes(INBOX)) return null;
    return { source: Buffer.from(mustBeText(data.raw), 'base64url'), receivedAt: receivedAt(data.internalDate) };
  }

  /** When the mail was received; null: it is gone. */
  async receivedAt(id: string): Promise<Date | null> {
    const data = await this.#message(id, 'minimal');
    return data === null ? null : receivedAt(data.internalDate);
  }

  /** How many mails the INBOX holds in all. */
  async size(): Promise<number> {
    const { messagesTotal } = await this.api.read({
      units: UNITS.labelsGet,
      ask: (client, options) => client.users.labels.get({ userId: 'me', id: INBOX }, options),
    });
    return messagesTotal ?? 0;
  }

  /** What has come into the INBOX behind this point. Throws CursorInvalid when Gmail has forgotten it. */
  async history(startHistoryId: string, pageToken?: string): Promise<HistoryPage> {
    const data = await orGone(
      this.api.read({
        units: UNITS.historyList,
        ask: (client, options) =>
          client.users.history.list(
            {
              userId: 'me',
              startHistoryId,
              labelId: INBOX,
              historyTypes: ['messageAdded', 'labelAdded'],
              maxResults: PAGE,
              ...(pageToken !== undefined && { pageToken }),
            },
            options,
          ),
      }),
    );
    if (data === null) throw new GatewayError({ kind: 'CursorInvalid', reason: 'history_expired' });
    const arrivals = (data.history ?? []).flatMap(({ id: historyId, messagesAdded = [], labelsAdded = [] }) => {
      const moved = labelsAdded.filter(({ labelIds }) => labelIds?.includes(INBOX));
      return [...messagesAdded, ...moved].map(({ message }) => ({
        id: mustBeText(message?.id),
        historyId: mustBeText(historyId),
      }));
    });
    return { arrivals, historyId: mustBeText(data.historyId), nextPageToken: data.nextPageToken ?? null };
  }

  #message(id: string, format: 'raw' | 'minimal') {
    return orGone(
      this.api.read({
        units: this.api.prices.messagesGet,
        ask: (client, options) => client.users.messages.get({ userId: 'me', id, format }, options),
      }),
    );
  }
}

/** null in place of a 404: the mail was deleted since it was listed. */
export async function orGone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    const { failure } = error as GatewayError;
    if (failure?.kind === 'Unknown' && failure.detail === 'not_found') return null;
    throw error;
  }
}

/** Milliseconds since 1970, as text. */
function receivedAt(internalDate: string | null | undefined): Date {
  const at = Number(mustBeText(internalDate));
  if (Number.isSafeInteger(at)) return new Date(at);
  throw new GatewayError({ kind: 'Unavailable', detail: 'protocol_error' });
}
