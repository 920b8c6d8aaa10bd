import { type AttachmentContent } from '../attachment-content.js';
import { type MailIdentity } from '../content-identity.js';
import { type UnreadableReason } from '../mail-unreadable.error.js';
import { type ParseOptions } from '../parse-limits.js';
import { type ReadableMail, type ReadOptions } from '../read-mail.js';
import { type MailSummary } from '../summarize-mail.js';

/** What is sent to a worker: plain data, and the sources in a buffer that is handed over rather than copied. */
export type ParseTask =
  /** Nothing but the answer: the thread has started. */
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'summarize';
      readonly bytes: Uint8Array;
      /** Sizes of the sources that lie one behind the other in `bytes`. */
      readonly sizes: readonly number[];
      readonly options: ParseOptions;
    }
  | { readonly kind: 'read'; readonly bytes: Uint8Array; readonly options: ReadOptions }
  | {
      readonly kind: 'attachment';
      readonly bytes: Uint8Array;
      readonly index: number;
      readonly options: ParseOptions;
    };

/** A task about messages. */
export type MessageTask = Exclude<ParseTask, { kind: 'ready' }>;

export interface SummarizedMail {
  readonly summary: MailSummary;
  readonly identity: MailIdentity;
}

/** Errors lose their class on the way between threads, so what a message is given up for travels as data. */
export type TaskResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: UnreadableReason };

/** What a worker answers to each kind of task. */
export interface TaskAnswers {
  readonly ready: null;
  readonly summarize: readonly TaskResult<SummarizedMail>[];
  readonly read: TaskResult<ReadableMail>;
  readonly attachment: TaskResult<AttachmentContent>;
}
