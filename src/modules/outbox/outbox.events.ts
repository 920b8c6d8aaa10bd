import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.
// No word of the mail and no recipient stands in them: a recipient is its place in the kept mail's list.

/** Through whom a mail leaves (R02–R04). */
export type Route = 'office365' | 'gmail' | 'hrbc';

/** A recipient that was not taken: the provider's reply code and enhanced status code (RFC 3463), if it gave any. */
export interface Refused {
  readonly recipient: number;
  readonly reply: number | null;
  readonly status: string | null;
  readonly temporary: boolean;
}

interface OfMail {
  /** Who wrote it. */
  readonly userId: string;
  readonly mailId: string;
}
interface OfAttempt extends OfMail {
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** Somebody wrote a mail; route, sender and Message-ID are fixed from here on. `from` is personal. */
export type MailQueued = DomainEvent<
  'MailQueued',
  OfMail & {
    readonly route: Route;
    readonly from: string;
    readonly messageId: string;
    readonly recipients: number;
    /** Bytes of MIME. */
    readonly size: number;
  }
>;
/** An attempt begins: recorded before the provider is called, so that no attempt is ever forgotten. */
export type MailSendingStarted = DomainEvent<'MailSendingStarted', OfAttempt & { readonly startedAt: string }>;
/**
 * The provider took it, which is not yet delivery (R45). `foundInSent`: it was learned by looking at the provider's
 * sent mail after an attempt whose end nobody saw.
 */
export type MailAccepted = DomainEvent<
  'MailAccepted',
  OfAttempt & { readonly refused: readonly Refused[]; readonly foundInSent: boolean }
>;
/**
 * The provider took it for some, and for others not yet: those of `refused` that are `temporary`. They alone are tried
 * again, at `retryAt`.
 */
export type MailPartlyAccepted = DomainEvent<
  'MailPartlyAccepted',
  OfAttempt & { readonly refused: readonly Refused[]; readonly retryAt: string }
>;
/** An attempt failed for certain, for a reason that passes; the next one comes at `retryAt`. */
export type MailPostponed = DomainEvent<
  'MailPostponed',
  OfAttempt & { readonly code: string; readonly refused: readonly Refused[]; readonly retryAt: string }
>;
/** An attempt failed for certain and will not be repeated unless the author asks for it. */
export type MailFailed = DomainEvent<
  'MailFailed',
  OfAttempt & { readonly code: string; readonly refused: readonly Refused[] }
>;
/** Nobody knows whether the provider took it; a person decides, because sending again could send it twice. */
export type MailOutcomeUnknown = DomainEvent<'MailOutcomeUnknown', OfAttempt & { readonly code: string }>;
/** The author said what became of a mail with unknown outcome. */
export type MailOutcomeDecided = DomainEvent<'MailOutcomeDecided', OfMail & { readonly sent: boolean }>;
/** The author asked for another attempt after a failure. */
export type MailRetryRequested = DomainEvent<'MailRetryRequested', OfMail>;
/** The author took the mail back before it was sent. */
export type MailCancelled = DomainEvent<'MailCancelled', OfMail>;
/** The provider sent it from another address than asked for (R43, R44); `asked` and `used` are personal. */
export type SenderRewritten = DomainEvent<
  'SenderRewritten',
  OfMail & { readonly asked: string; readonly used: string }
>;
/** A report came that it could not be delivered, or not yet (RFC 3464). `recipient` null: it does not say to whom. */
export type MailBounced = DomainEvent<
  'MailBounced',
  OfMail & {
    readonly reportId: string;
    readonly recipient: number | null;
    readonly action: 'failed' | 'delayed';
    readonly status: string | null;
  }
>;

export type OutboxEvent =
  | MailQueued
  | MailSendingStarted
  | MailAccepted
  | MailPartlyAccepted
  | MailPostponed
  | MailFailed
  | MailOutcomeUnknown
  | MailOutcomeDecided
  | MailRetryRequested
  | MailCancelled
  | SenderRewritten
  | MailBounced;

export const outboxEvents = defineEvents<OutboxEvent>()({
  MailQueued: { personal: ['from'] },
  MailSendingStarted: { personal: [] },
  MailAccepted: { personal: [] },
  MailPartlyAccepted: { personal: [] },
  MailPostponed: { personal: [] },
  MailFailed: { personal: [] },
  MailOutcomeUnknown: { personal: [] },
  MailOutcomeDecided: { personal: [] },
  MailRetryRequested: { personal: [] },
  MailCancelled: { personal: [] },
  SenderRewritten: { personal: ['asked', 'used'] },
  MailBounced: { personal: [] },
});

export const OUTBOX_MAIL = 'outboxMail';
export const outboxMailStream = (company: string, mailId: string): string => streamName(OUTBOX_MAIL, company, mailId);
