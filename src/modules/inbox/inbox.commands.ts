import { type CommandMetadata, type DomainCommand } from '@libs/eventsourcing';
import { type MailsReread, type ReceivedMail, type RereadMail, type StoredCursor } from './inbox.events.js';

/** Makes receiving fit what the setting says: the first time, or after the setting changed. */
export class StartReceiving implements DomainCommand<'StartReceiving', StartReceivingData> {
  readonly type = 'StartReceiving';
  constructor(
    readonly data: StartReceivingData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface StartReceivingData {
  readonly userId: string;
  readonly source: string;
  readonly since: string;
  readonly day: string | null;
}

export class RecordBatch implements DomainCommand<'RecordBatch', RecordBatchData> {
  readonly type = 'RecordBatch';
  constructor(
    readonly data: RecordBatchData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface RecordBatchData {
  readonly userId: string;
  readonly messages: readonly ReceivedMail[];
  /** How many readable mails of the batch were here already. */
  readonly known: number;
  /** How many mails of the batch were here already and could not be read. */
  readonly knownQuarantined: number;
  readonly cursor: StoredCursor;
  /** How many mails the whole import has to deal with, as far as is known now. */
  readonly found: number;
  /** null: this pass did not look, or there is none; what is known already stays. */
  readonly oldestOnServer: string | null;
}

/** The server has nothing more to give: what was going on is complete. */
export class CompletePass implements DomainCommand<'CompletePass', CompletePassData> {
  readonly type = 'CompletePass';
  constructor(
    readonly data: CompletePassData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface CompletePassData {
  readonly userId: string;
  readonly cursor: StoredCursor | null;
  readonly oldestOnServer: string | null;
}

export class ResetCursor implements DomainCommand<'ResetCursor', ResetCursorData> {
  readonly type = 'ResetCursor';
  constructor(
    readonly data: ResetCursorData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface ResetCursorData {
  readonly userId: string;
  readonly reason: string;
}

/** Puts on the record that kept mails were read once more, after what was read is stored. */
export class RecordReread implements DomainCommand<'RecordReread', RecordRereadData> {
  readonly type = 'RecordReread';
  constructor(
    readonly data: RecordRereadData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface RecordRereadData {
  readonly userId: string;
  readonly messages: readonly RereadMail[];
  readonly cause: MailsReread['data']['cause'];
}

export type InboxCommand = StartReceiving | RecordBatch | CompletePass | ResetCursor | RecordReread;
