import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/** The mailbox's owner shared one mail with the colleagues, whatever was decided at its receipt (R33). */
export type MessageShared = DomainEvent<'MessageShared', { readonly userId: string; readonly messageId: string }>;
/** The mailbox's owner took one mail back from the colleagues. */
export type MessageUnshared = DomainEvent<'MessageUnshared', { readonly userId: string; readonly messageId: string }>;

export type MessageSharingEvent = MessageShared | MessageUnshared;

export const messageSharingEvents = defineEvents<MessageSharingEvent>()({
  MessageShared: { personal: [] },
  MessageUnshared: { personal: [] },
});

export const MESSAGE = 'message';
export const messageStream = (company: string, messageId: string): string => streamName(MESSAGE, company, messageId);
