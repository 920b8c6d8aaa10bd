import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/** An admin decided that a person is to be forgotten; the reason stands in the metadata. There is no way back. */
export type PersonErasureDecided = DomainEvent<'PersonErasureDecided', { readonly userId: string }>;
/** Nothing is left that says who the person was: the key is destroyed, and so many things of each kind are erased. */
export type PersonErased = DomainEvent<
  'PersonErased',
  { readonly userId: string; readonly erased: Readonly<Record<string, number>> }
>;

export type PersonEvent = PersonErasureDecided | PersonErased;

export const personEvents = defineEvents<PersonEvent>()({
  PersonErasureDecided: { personal: [] },
  PersonErased: { personal: [] },
});

export const PERSON = 'person';
export const personStream = (company: string, userId: string): string => streamName(PERSON, company, userId);
