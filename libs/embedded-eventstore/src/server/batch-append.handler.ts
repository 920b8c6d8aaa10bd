import { type ServerDuplexStream } from '@grpc/grpc-js';

import { type EventStore } from '../store/event-store.js';
import { type ExpectedRevision } from '../store/expected-revision.js';
import { type ProposedEvent } from '../store/proposed-event.js';
import {
  batchAppendRefusal,
  type BatchAppendKey,
  type BatchAppendRefusal,
  batchAppendResponse,
} from '../wire/batch-append-response.js';
import { type FailureStatus, isStoreFailure, statusOf } from '../wire/failure-status.js';
import { appendBytes, MAX_APPEND_BYTES, readProposedEvent } from '../wire/proposed-events.js';
import { readExpectedRevision } from '../wire/read-expected-revision.js';
import { streamNameOf, writableStreamNameOf } from '../wire/stream-identifier.js';
import { type streams } from '../wire/stubs.js';
import { readUuid } from '../wire/uuid.js';

export type BatchAppendCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

/** An append of which not all parts have arrived. */
interface PendingAppend {
  readonly key: BatchAppendKey;
  readonly expected: ExpectedRevision;
  readonly events: ProposedEvent[];
  readonly deadline: NodeJS.Timeout | undefined;
  bytes: number;
}

/** Longest time setTimeout can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * One BatchAppend stream: the way a client appends when it passes no credentials. It stays open as long as the client
 * and carries any number of appends, each in one or several requests, told apart by correlation id.
 *
 * Every append gets exactly one reply. To the official client a missing one is a promise that never settles, and a
 * second one an exception nobody can catch; so what comes after a reply is passed over.
 */
export class BatchAppendSession {
  readonly #store: EventStore;
  readonly #call: BatchAppendCall;
  readonly #onStoreFailure: (error: unknown) => void;
  readonly #pending = new Map<string, PendingAppend>();

  constructor(store: EventStore, call: BatchAppendCall, onStoreFailure: (error: unknown) => void) {
    this.#store = store;
    this.#call = call;
    this.#onStoreFailure = onStoreFailure;
    call.on('data', this.#onData);
    call.on('end', () => call.end());
    call.once('close', () => this.#forget());
  }

  /** Takes no further appends and ends the stream with a failure. */
  fail(failure: FailureStatus): void {
    this.#call.off('data', this.#onData);
    this.#forget();
    this.#call.emit('error', failure);
  }

  readonly #onData = (request: streams.BatchAppendReq): void => {
    try {
      this.#receive(readUuid(request.getCorrelationId()).text, request);
    } catch (error) {
      // Without a correlation id there is nobody to reply to, so the stream as a whole fails.
      this.fail(statusOf(error));
    }
  };

  #receive(id: string, request: streams.BatchAppendReq): void {
    const opening = request.getOptions();
    if (opening !== undefined && !this.#pending.has(id)) this.#open(id, request, opening);
    const append = this.#pending.get(id);
    if (append === undefined) return;
    try {
      for (const message of request.getProposedMessagesList()) {
        const event = readProposedEvent(message);
        append.bytes += appendBytes(event);
        append.events.push(event);
      }
      if (append.bytes > MAX_APPEND_BYTES) this.#refuse(id, append.key, { kind: 'too-large' });
      else if (request.getIsFinal()) this.#commit(id, append);
    } catch (error) {
      this.#refuse(id, append.key, this.#refusalOf(error));
    }
  }

  #open(id: string, request: streams.BatchAppendReq, options: streams.BatchAppendReq.Options): void {
    const correlationId = request.getCorrelationId();
    const millisecondsLeft = (options.getDeadline()?.toDate().getTime() ?? Infinity) - Date.now();
    let stream = '';
    try {
      stream = streamNameOf(options.getStreamIdentifier());
      writableStreamNameOf(options.getStreamIdentifier());
      const key = { correlationId, stream };
      if (millisecondsLeft <= 0) return this.#refuse(id, key, { kind: 'timeout' });
      const expected = readExpectedRevision(options);
      const deadline = request.getIsFinal() ? undefined : this.#startDeadline(id, key, millisecondsLeft);
      this.#pending.set(id, { key, expected, events: [], bytes: 0, deadline });
    } catch (error) {
      this.#refuse(id, { correlationId, stream }, this.#refusalOf(error));
    }
  }

  /** Only an append whose parts are still arriving can run out of time: a complete one is committed at once. */
  #startDeadline(id: string, key: BatchAppendKey, milliseconds: number): NodeJS.Timeout {
    const timer = setTimeout(
      () => this.#refuse(id, key, { kind: 'timeout' }),
      Math.min(milliseconds, LONGEST_TIMER_MS),
    );
    return timer.unref();
  }

  #commit(id: string, append: PendingAppend): void {
    const { key, expected, events } = append;
    const outcome = this.#store.writer.append(key.stream, expected, events);
    this.#settle(id);
    this.#reply(batchAppendResponse(key, expected, outcome));
  }

  #refuse(id: string, key: BatchAppendKey, refusal: BatchAppendRefusal): void {
    this.#settle(id);
    this.#reply(batchAppendRefusal(key, refusal));
  }

  #refusalOf(error: unknown): BatchAppendRefusal {
    if (!isStoreFailure(error)) return { kind: 'bad-request', message: statusOf(error).details };
    this.#onStoreFailure(error);
    return { kind: 'unknown' };
  }

  #settle(id: string): void {
    clearTimeout(this.#pending.get(id)?.deadline);
    this.#pending.delete(id);
  }

  /** Takes no more requests while the client does not take its replies. */
  #reply(response: streams.BatchAppendResp): void {
    if (this.#call.write(response)) return;
    this.#call.pause();
    this.#call.once('drain', () => this.#call.resume());
  }

  #forget(): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id);
  }
}
