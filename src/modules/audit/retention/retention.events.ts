import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/** An admin decided how long the company keeps received mail; the reason stands in the metadata. */
export type RetentionDecided = DomainEvent<
  'RetentionDecided',
  {
    /** Days from receipt by the mail server; null: for ever. */
    readonly mailDays: number | null;
  }
>;

export type RetentionEvent = RetentionDecided;

export const retentionEvents = defineEvents<RetentionEvent>()({ RetentionDecided: { personal: [] } });

export const RETENTION = 'retention';
export const retentionStream = (company: string): string => streamName(RETENTION, company);
