import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/** Somebody tried what is not for them and was refused; so often within the minutes before. */
export type AccessRefused = DomainEvent<
  'AccessRefused',
  {
    /** Who tried; null where nobody in particular is meant (more attempts than are told apart). */
    readonly userId: string | null;
    readonly code: string;
    /** What was tried: method and path, or the name of an act. */
    readonly attempt: string;
    /** How many attempts this event stands for. */
    readonly count: number;
  }
>;

export type RefusedAttemptsEvent = AccessRefused;

export const refusedAttemptsEvents = defineEvents<RefusedAttemptsEvent>()({ AccessRefused: { personal: [] } });

export const REFUSED_ATTEMPTS = 'refusedAttempts';
/** One stream a day, so that none grows for ever. `day`: `YYYY-MM-DD`, UTC. */
export const refusedAttemptsStream = (company: string, day: string): string =>
  streamName(REFUSED_ATTEMPTS, company, day);
