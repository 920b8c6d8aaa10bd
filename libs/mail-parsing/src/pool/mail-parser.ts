import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { type AttachmentContent } from '../attachment-content.js';
import { MailUnreadable } from '../mail-unreadable.error.js';
import { type ParseLimits } from '../parse-limits.js';
import { type ReadableMail, type ReadOptions } from '../read-mail.js';
import { batchesOf, packed } from './batches.js';
import {
  type MessageTask,
  type ParseTask,
  type SummarizedMail,
  type TaskAnswers,
  type TaskResult,
} from './parse-task.js';
import { Slots } from './slots.js';
import { workerFile } from './worker-file.js';

export interface MailParserOptions {
  /** Messages (or batches) parsed at a time. Default: one less than the machine has, at least one. */
  readonly threads?: number;
  /** Milliseconds that one message may take, counted from when a thread is free for it. Default 30,000. */
  readonly timeoutMs?: number;
  /** JavaScript heap of one thread, in MB. Buffers are bounded by `limits` instead. Default 256. */
  readonly maxMemoryMb?: number;
  readonly limits?: Partial<ParseLimits>;
}

export type SummaryOutcome =
  ({ readonly ok: true } & SummarizedMail) | { readonly ok: false; readonly error: MailUnreadable };

/**
 * Parses mail off the main thread, whatever is in it.
 *
 * - sources are copied once (a memory copy, no cloning) and stay the caller's, unchanged;
 * - a message beyond its time, its memory or its limits is `MailUnreadable`, and the thread it took down is replaced;
 *   messages that waited behind it do not notice;
 * - after `close` every call is rejected.
 */
export interface MailParser {
  /** Summaries and identities in the order of the sources; a message that fails does not fail the others. */
  summarize(sources: readonly Uint8Array[]): Promise<SummaryOutcome[]>;
  /** Rejects with `MailUnreadable`. */
  readMail(source: Uint8Array, options?: ReadOptions): Promise<ReadableMail>;
  /** Rejects with `MailUnreadable`. */
  attachmentContent(source: Uint8Array, index: number): Promise<AttachmentContent>;
  /** Ends the threads; what is under way is given up. */
  close(): Promise<void>;
}

/** Starts a parser. @throws Error when the worker has not been compiled */
export function createMailParser(options: MailParserOptions = {}): MailParser {
  return new PooledMailParser(options);
}

class PooledMailParser implements MailParser {
  readonly #pool: Piscina<ParseTask, unknown>;
  readonly #slots: Slots;
  readonly #timeoutMs: number;
  readonly #limits: Partial<ParseLimits>;
  #coldThreads: number;

  constructor({ threads, timeoutMs = 30_000, maxMemoryMb = 256, limits = {} }: MailParserOptions) {
    const maxThreads = threads ?? Math.max(1, availableParallelism() - 1);
    this.#slots = new Slots(maxThreads);
    this.#coldThreads = maxThreads;
    this.#timeoutMs = timeoutMs;
    this.#limits = limits;
    this.#pool = new Piscina({
      filename: workerFile(),
      minThreads: maxThreads,
      maxThreads,
      // What parses strangers' bytes needs no secrets of the environment.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
  }

  async summarize(sources: readonly Uint8Array[]): Promise<SummaryOutcome[]> {
    const outcomes = await Promise.all(batchesOf(sources).map((batch) => this.#summarizeBatch(batch)));
    return outcomes.flat();
  }

  async readMail(source: Uint8Array, options: ReadOptions = {}): Promise<ReadableMail> {
    const limits = { ...this.#limits, ...options.limits };
    return valueOf(await this.#run({ kind: 'read', bytes: packed([source]), options: { ...options, limits } }));
  }

  async attachmentContent(source: Uint8Array, index: number): Promise<AttachmentContent> {
    const options = { limits: this.#limits };
    return valueOf(await this.#run({ kind: 'attachment', bytes: packed([source]), index, options }));
  }

  async close(): Promise<void> {
    this.#slots.close();
    await this.#pool.destroy();
  }

  /** A batch that takes its thread down is tried again message by message, so that only the guilty one fails. */
  async #summarizeBatch(batch: readonly Uint8Array[]): Promise<SummaryOutcome[]> {
    const sizes = batch.map((source) => source.byteLength);
    try {
      const task = { kind: 'summarize', bytes: packed(batch), sizes, options: { limits: this.#limits } } as const;
      return (await this.#run(task)).map(outcomeOf);
    } catch (error) {
      if (!(error instanceof MailUnreadable)) throw error;
      if (batch.length === 1) return [{ ok: false, error }];
      const alone = await Promise.all(batch.map((source) => this.#summarizeBatch([source])));
      return alone.flat();
    }
  }

  async #run<K extends MessageTask['kind']>(task: MessageTask & { kind: K }): Promise<TaskAnswers[K]> {
    const release = await this.#slots.take();
    const timeout = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    try {
      await this.#threadStarted();
      timer = setTimeout(() => timeout.abort(), this.#timeoutMs);
      const transferList = [task.bytes.buffer as ArrayBuffer];
      return (await this.#pool.run(task, { transferList, signal: timeout.signal })) as TaskAnswers[K];
    } catch (cause) {
      if (this.#slots.closed) throw closedError();
      this.#coldThreads++;
      throw unreadable(cause, timeout.signal.aborted);
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  /** The first message of a thread does not pay for its start. */
  async #threadStarted(): Promise<void> {
    if (this.#coldThreads === 0) return;
    this.#coldThreads--;
    await this.#pool.run({ kind: 'ready' });
  }
}

function closedError(): Error {
  return new Error('the mail parser has been closed');
}

function unreadable(cause: unknown, timedOut: boolean): MailUnreadable {
  if (timedOut) return new MailUnreadable('timeout');
  const code = (cause as { code?: unknown }).code;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new MailUnreadable('out-of-memory');
  return new MailUnreadable('parser-failed', 'parser-failed', { cause });
}

function outcomeOf(result: TaskResult<SummarizedMail>): SummaryOutcome {
  return result.ok ? { ok: true, ...result.value } : { ok: false, error: new MailUnreadable(result.reason) };
}

function valueOf<T>(result: TaskResult<T>): T {
  if (result.ok) return result.value;
  throw new MailUnreadable(result.reason);
}
