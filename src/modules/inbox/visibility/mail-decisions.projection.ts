import { type DocumentChange, type Projection, type RecordedEvent, streamParts } from '@libs/eventsourcing';
import { MAIL_ERASURE, type MailErasureEvent } from '../erasing/mail-erasure.events.js';
import { INBOX, type InboxEvent } from '../inbox.events.js';
import { MESSAGE, type MessageSharingEvent } from '../sharing/message-sharing.events.js';

/** Where the decisions about a mail are on the record: one document for each. */
export interface MailDecisionDocument {
  readonly company: string;
  readonly messageId: string;
  /** Whose mailbox it is. */
  readonly owner: string;
  readonly basis: 'default' | 'individual' | 'erased';
  readonly shared: boolean;
  readonly by: string | null;
  readonly at: string;
  readonly event: { readonly id: string; readonly type: string; readonly stream: string; readonly revision: number };
}

type DecidingEvent = InboxEvent | MessageSharingEvent | MailErasureEvent;
type Decision = Pick<MailDecisionDocument, 'messageId' | 'basis' | 'shared' | 'by'>;

export const mailDecisionsProjection: Projection<MailDecisionDocument, DecidingEvent> = {
  name: 'mail_decisions',
  version: 1,
  categories: [INBOX, MESSAGE, MAIL_ERASURE],
  project(event): DocumentChange<MailDecisionDocument>[] {
    const [company = ''] = streamParts(event.stream);
    const { userId: owner } = event.data;
    const { id, type, stream, revision } = event;
    const { at } = event.metadata;
    return decisionsOf(event).map((decision) => ({
      id: `${decision.messageId}|${id}`,
      set: { company, owner, at, event: { id, type, stream, revision }, ...decision },
    }));
  },
};

function decisionsOf(event: RecordedEvent<DecidingEvent>): Decision[] {
  const { userId: owner } = event.data;
  switch (event.type) {
    case 'MailsReceived':
      return event.data.messages.map(({ id, shared }) => received(id, shared, owner));
    case 'MailsReread':
      // A mail that could not be had before comes in under another id than the place it was missed at.
      return event.data.messages.flatMap(({ id, replaces, shared = false }) =>
        replaces === undefined ? [] : [received(id, shared, owner), gone(replaces)],
      );
    case 'MessageShared':
    case 'MessageUnshared': {
      const shared = event.type === 'MessageShared';
      return [{ messageId: event.data.messageId, basis: 'individual', shared, by: owner }];
    }
    case 'MailsErased':
      return event.data.messageIds.map(gone);
    case 'ImportStarted':
    case 'ReceivingNarrowed':
    case 'ImportCompleted':
    case 'CursorReset':
    case 'InboxReconciled':
      return [];
  }
}

const received = (messageId: string, shared: boolean, by: string): Decision => ({
  messageId,
  basis: 'default',
  shared,
  by,
});
const gone = (messageId: string): Decision => ({ messageId, basis: 'erased', shared: false, by: null });
