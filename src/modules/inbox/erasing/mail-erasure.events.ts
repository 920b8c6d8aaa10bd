import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/** Why mail was erased: its person was forgotten, or it has reached the age at which the company lets mail go. */
export type ErasureCause = 'person_forgotten' | 'retention';

/** Received mails were erased, sources and summaries, for good. Their ids and the decisions about them stay. */
export type MailsErased = DomainEvent<
  'MailsErased',
  { readonly userId: string; readonly messageIds: readonly string[]; readonly cause: ErasureCause }
>;

export type MailErasureEvent = MailsErased;

export const mailErasureEvents = defineEvents<MailErasureEvent>()({ MailsErased: { personal: [] } });

/** Streams of their own: those of the inbox carry their whole standing in every event. */
export const MAIL_ERASURE = 'mailErasure';
export const mailErasureStream = (company: string, userId: string): string => streamName(MAIL_ERASURE, company, userId);
