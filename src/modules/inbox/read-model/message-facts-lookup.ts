import { streamParts } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Delivered } from '../../../platform/event-store/index.js';
import { MessageStore } from '../receiving/message-store.js';
import { UnreadMails } from '../receiving/unread-mails.js';
import { searchTextOf } from '../search/search-text.js';
import { type MessageFactsAtHand, type SummaryFact } from './inbox-messages.projection.js';

const NOTHING: MessageFactsAtHand = { summaries: new Map(), unread: [] };

/** Looks up what the events of an inbox do not say, in collections that no rebuild touches. */
@Injectable()
export class MessageFactsLookup {
  constructor(
    private readonly store: MessageStore,
    private readonly unread: UnreadMails,
  ) {}

  async factsFor({ type, data, stream }: Delivered): Promise<MessageFactsAtHand> {
    switch (type) {
      case 'MailsReceived':
      case 'MailsReread':
        return { ...NOTHING, summaries: await this.summariesOf(data as { messages: readonly { id: string }[] }) };
      case 'ImportStarted':
      case 'CursorReset': {
        const [company = '', userId = ''] = streamParts(stream);
        return { ...NOTHING, unread: await this.unread.idsOf(company, userId) };
      }
      default:
        return NOTHING;
    }
  }

  private async summariesOf({ messages }: { readonly messages: readonly { readonly id: string }[] }) {
    const ids = messages.map(({ id }) => id);
    const kept = await this.store.factsOf(ids);
    const missing = await this.unread.factsOf(ids.filter((id) => !kept.has(id)));
    return new Map([...kept, ...missing].map(([id, fact]) => [id, withSearchText(fact.receivedAt, fact.summary)]));
  }
}

/** No mail that a person wrote comes near; what lies behind is not searched. */
const LONGEST = 20_000;

function withSearchText(receivedAt: Date, summary: SummaryFact['summary']): SummaryFact {
  const { from, to, subject, preview } = summary;
  const textOf = ({ name, address }: { name: string; address: string }): string => `${name} ${address}`;
  const people = [...(from ? [from] : []), ...to].map(textOf);
  const searchText = searchTextOf([subject, preview, ...people].join(' ').slice(0, LONGEST));
  return { receivedAt, summary, searchText, senderText: searchTextOf(from ? textOf(from) : '') };
}
