import { type CommandMetadata, type DomainCommand } from '@libs/eventsourcing';
import { type Refused, type Route } from './outbox.events.js';

interface OfMail {
  readonly userId: string;
  readonly mailId: string;
}
interface OfAttempt extends OfMail {
  readonly attempt: number;
}

/** Queues a mail whose content is kept already under its id. */
export class QueueMail implements DomainCommand<'QueueMail', QueueMailData> {
  readonly type = 'QueueMail';
  constructor(
    readonly data: QueueMailData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface QueueMailData extends OfMail {
  readonly route: Route;
  readonly from: string;
  readonly messageId: string;
  readonly recipients: number;
  readonly size: number;
}

export class StartSending implements DomainCommand<'StartSending', OfAttempt> {
  readonly type = 'StartSending';
  constructor(
    readonly data: OfAttempt,
    readonly metadata: CommandMetadata,
  ) {}
}

export class RecordAcceptance implements DomainCommand<'RecordAcceptance', RecordAcceptanceData> {
  readonly type = 'RecordAcceptance';
  constructor(
    readonly data: RecordAcceptanceData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface RecordAcceptanceData extends OfAttempt {
  readonly refused: readonly Refused[];
  readonly foundInSent: boolean;
  /** The From address that the mail really went out with; null: nobody says. */
  readonly sentAs: string | null;
  /** When those are tried again who were refused for the moment; null: they are not. */
  readonly retryAt: string | null;
}

/** The From address that an accepted mail really went out with, learned afterwards. */
export class RecordSender implements DomainCommand<'RecordSender', OfMail & { readonly sentAs: string }> {
  readonly type = 'RecordSender';
  constructor(
    readonly data: OfMail & { readonly sentAs: string },
    readonly metadata: CommandMetadata,
  ) {}
}

/** `retryAt` null: the attempt was the last one. */
export class RecordFailure implements DomainCommand<'RecordFailure', RecordFailureData> {
  readonly type = 'RecordFailure';
  constructor(
    readonly data: RecordFailureData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface RecordFailureData extends OfAttempt {
  readonly code: string;
  readonly refused: readonly Refused[];
  readonly retryAt: string | null;
}

export class RecordUncertainty implements DomainCommand<'RecordUncertainty', OfAttempt & { readonly code: string }> {
  readonly type = 'RecordUncertainty';
  constructor(
    readonly data: OfAttempt & { readonly code: string },
    readonly metadata: CommandMetadata,
  ) {}
}

export class DecideOutcome implements DomainCommand<'DecideOutcome', OfMail & { readonly sent: boolean }> {
  readonly type = 'DecideOutcome';
  constructor(
    readonly data: OfMail & { readonly sent: boolean },
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null,
  ) {}
}

export class RetryMail implements DomainCommand<'RetryMail', RetryMailData> {
  readonly type = 'RetryMail';
  constructor(
    readonly data: RetryMailData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface RetryMailData extends AskForRetryData {
  /** The way by which the author would send now. */
  readonly presentRoute: Route;
}

/** `POST /outbox/messages/{id}/retry`: find out the way by which the author would send now, then retry. */
export class AskForRetry {
  constructor(
    readonly data: AskForRetryData,
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null,
  ) {}
}
interface AskForRetryData extends OfMail {
  /** From which the author may send now (R42). */
  readonly fromAddresses: readonly string[];
}

export class CancelMail implements DomainCommand<'CancelMail', OfMail> {
  readonly type = 'CancelMail';
  constructor(
    readonly data: OfMail,
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null,
  ) {}
}

export class RecordBounce implements DomainCommand<'RecordBounce', RecordBounceData> {
  readonly type = 'RecordBounce';
  constructor(
    readonly data: RecordBounceData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface RecordBounceData {
  readonly mailId: string;
  /** A hash of the report, by which it is found again in the mailbox for reports. */
  readonly reportId: string;
  readonly recipient: number | null;
  readonly action: 'failed' | 'delayed';
  readonly status: string | null;
}

export type OutboxCommand =
  | QueueMail
  | StartSending
  | RecordAcceptance
  | RecordSender
  | RecordFailure
  | RecordUncertainty
  | DecideOutcome
  | RetryMail
  | CancelMail
  | RecordBounce;
