import { type DocumentChange, type Projection, type RecordedEvent, streamParts } from '@libs/eventsourcing';
import { MAIL_ERASURE, type MailErasureEvent } from '../erasing/mail-erasure.events.js';
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
  /** The sender's name and address, letter forms made equal. */
  readonly senderText: string;
  readonly sharedAtReceipt: boolean;
  readonly shared: boolean;
  readonly sharing: {
    readonly basis: 'default' | 'individual';
    readonly by: string;
    readonly at: string;
  };
  /** How often its owner has decided about sharing it alone. */
  readonly decisions: number;
}

/** What the event does not say, because no mail is in any event. */
export interface MessageFactsAtHand {
  /** The kept summaries, by message id. */
  readonly summaries: ReadonlyMap<string, SummaryFact>;
  /** The mails of this mailbox that were never fetched; asked for where places on the server lose their meaning. */
  readonly unread: readonly string[];
}
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
  readonly senderText: string;
}

type Change = DocumentChange<InboxMessageDocument>;
type Recorded<Type> = Extract<RecordedEvent<InboxEvent | MessageSharingEvent>, { type: Type }>;

/**
 * Received mail as lists show it. Summaries come from what is kept beside the record: reading a source anew changes
 * them there first, and the event about it only has this read model look again, so that a rebuild ends the same.
 */
export const inboxMessagesProjection: Projection<
  InboxMessageDocument,
  InboxEvent | MessageSharingEvent | MailErasureEvent,
  MessageFactsAtHand
> = {
  name: 'inbox_messages',
  version: 2,
  categories: [INBOX, MESSAGE, MAIL_ERASURE],
  project(event, facts) {
    switch (event.type) {
      case 'MailsReceived':
        return received(event, facts);
      case 'MailsReread':
        return reread(event, facts);
      case 'ImportStarted':
      case 'CursorReset':
        // What stood at a place of the server that means nothing any more is found anew, or is gone.
        return facts.unread.map((id) => ({ id, remove: true }));
      case 'MailsErased':
        return event.data.messageIds.map((id) => ({ id, remove: true }));
      case 'MessageShared':
      case 'MessageUnshared':
        return [decided(event, event.type === 'MessageShared')];
      case 'ReceivingNarrowed':
      case 'ImportCompleted':
      case 'InboxReconciled':
        return [];
    }
  },
};

function received(event: Recorded<'MailsReceived'>, facts: MessageFactsAtHand): Change[] {
  return event.data.messages.map(({ id, shared, quarantined = false }) => ({
    id,
    set: { ...contentOf(id, facts), quarantined, ...receiptOf(event, shared) },
  }));
}

function reread(event: Recorded<'MailsReread'>, facts: MessageFactsAtHand): Change[] {
  return event.data.messages.flatMap(({ id, quarantined = false, replaces, shared = false }): Change[] => {
    const content = { ...contentOf(id, facts), quarantined };
    if (replaces === undefined) return [{ id, set: content }];
    return [
      { id: replaces, remove: true },
      { id, set: content, setOnInsert: receiptOf(event, shared) },
    ];
  });
}

function contentOf(id: string, { summaries }: MessageFactsAtHand) {
  const fact = summaries.get(id);
  if (!fact) throw new Error(`Message ${id} is on the record, but its source is not kept.`);
  const { receivedAt, summary, searchText, senderText } = fact;
  return { receivedAt, ...summary, searchText, senderText };
}

function receiptOf(event: Recorded<'MailsReceived' | 'MailsReread'>, shared: boolean) {
  const [company = '', userId = ''] = streamParts(event.stream);
  const sharing = { basis: 'default', by: userId, at: event.metadata.at } as const;
  return { company, userId, sharedAtReceipt: shared, shared, sharing, decisions: 0 };
}

function decided(event: Recorded<'MessageShared' | 'MessageUnshared'>, shared: boolean): Change {
  const { messageId, userId } = event.data;
  const sharing = { basis: 'individual', by: userId, at: event.metadata.at } as const;
  return { id: messageId, set: { shared, sharing, decisions: event.revision + 1 } };
}
