import { type DocumentChange, type Projection, type RecordedEvent, streamParts } from '@libs/eventsourcing';
import { INBOX, type InboxEvent } from '../inbox.events.js';
import { MESSAGE, type MessageSharingEvent } from '../sharing/message-sharing.events.js';

interface Person {
  readonly name: string;
  readonly address: string;
}

export interface InboxMessageDocument {
  readonly company: string;
  /** Whose mailbox it came to. */
  readonly userId: string;
  readonly receivedAt: Date;
  readonly from: Person | null;
  readonly to: readonly Person[];
  readonly subject: string;
  readonly preview: string;
  readonly size: number;
  readonly hasAttachments: boolean;
  readonly quarantined: boolean;
  /** What search looks at: subject, sender, recipients and preview, letter forms made equal. */
  readonly searchText: string;
  readonly sharedAtReceipt: boolean;
  readonly shared: boolean;
  readonly sharing: {
    readonly basis: 'default' | 'individual';
    readonly by: string;
    readonly at: string;
  };
}

/** What the event does not say, because no mail is in any event: the kept summaries, by message id. */
export type SummaryFacts = ReadonlyMap<string, SummaryFact>;
export interface SummaryFact {
  readonly receivedAt: Date;
  readonly summary: {
    readonly from: Person | null;
    readonly to: readonly Person[];
    readonly subject: string;
    readonly preview: string;
    readonly hasAttachments: boolean;
    readonly size: number;
  };
  readonly searchText: string;
}

export const inboxMessagesProjection: Projection<InboxMessageDocument, InboxEvent | MessageSharingEvent, SummaryFacts> =
  {
    name: 'inbox_messages',
    version: 1,
    categories: [INBOX, MESSAGE],
    project(event, facts) {
      switch (event.type) {
        case 'MailsReceived':
          return received(event, facts);
        case 'MessageShared':
        case 'MessageUnshared':
          return [decided(event, event.type === 'MessageShared')];
        case 'ImportStarted':
        case 'ReceivingNarrowed':
        case 'ImportCompleted':
        case 'CursorReset':
        case 'InboxReconciled':
          return [];
      }
    },
  };

type Recorded<Type> = Extract<RecordedEvent<InboxEvent | MessageSharingEvent>, { type: Type }>;

function received(event: Recorded<'MailsReceived'>, facts: SummaryFacts): DocumentChange<InboxMessageDocument>[] {
  const [company = '', userId = ''] = streamParts(event.stream);
  const { at } = event.metadata;
  return event.data.messages.map(({ id, shared, quarantined = false }) => {
    const fact = facts.get(id);
    if (!fact) throw new Error(`Message ${id} is on the record, but its source is not kept.`);
    const sharing = { basis: 'default', by: userId, at } as const;
    const { receivedAt, summary, searchText } = fact;
    return {
      id,
      set: {
        company,
        userId,
        receivedAt,
        ...summary,
        searchText,
        quarantined,
        sharedAtReceipt: shared,
        shared,
        sharing,
      },
    };
  });
}

function decided(
  event: Recorded<'MessageShared' | 'MessageUnshared'>,
  shared: boolean,
): DocumentChange<InboxMessageDocument> {
  const { messageId, userId } = event.data;
  const sharing = { basis: 'individual', by: userId, at: event.metadata.at } as const;
  return { id: messageId, set: { shared, sharing } };
}
