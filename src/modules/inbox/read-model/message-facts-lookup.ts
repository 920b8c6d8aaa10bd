import { streamParts } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Delivered } from '../../../platform/event-store/index.js';
import { MessageStore } from '../receiving/message-store.js';
import { UnreadMails } from '../receiving/unread-mails.js';
import { searchTextOf } from '../search-text.js';
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

function withSearchText(receivedAt: Date, summary: SummaryFact['summary']): SummaryFact {
  const people = [summary.from, ...summary.to].flatMap((person) => (person ? [person.name, person.address] : []));
  const searchText = searchTextOf([summary.subject, ...people, summary.preview].join(' '));
  return { receivedAt, summary, searchText };
}
