import { randomUUID } from 'node:crypto';

import { type Uuid } from '../wire/uuid.js';
import { type AppendSignal } from './append-signal.js';
import { checkCommit, type CommitVerdict } from './commit-check.js';
import { type EventLog } from './event-log.js';
import { type ExpectedRevision } from './expected-revision.js';
import { type ProposedEvent } from './proposed-event.js';
import {
  metastreamOf,
  originalOf,
  parseStreamMetadata,
  SOFT_DELETED_JSON,
  withTruncateBefore,
} from './stream-metadata.js';
import { type StreamState, type StreamTable, TOMBSTONE_REVISION } from './stream-table.js';

/** What became of a write. Only `written` has changed anything, and then it is committed. */
export type WriteOutcome =
  /** `position` is that of the last event; undefined when there was no event to write. */
  | { readonly kind: 'written'; readonly lastRevision: number; readonly position: number | undefined }
  /** `current` is the revision of the last event, -1 for none. */
  | { readonly kind: 'wrong-revision'; readonly current: number }
  | { readonly kind: 'deleted' };

/** All writes. Each is one transaction: an append of several events is there as a whole or not at all. */
export class EventWriter {
  readonly #streams: StreamTable;
  readonly #log: EventLog;
  readonly #signal: AppendSignal;

  constructor(streams: StreamTable, log: EventLog, signal: AppendSignal) {
    this.#streams = streams;
    this.#log = log;
    this.#signal = signal;
  }

  /** Appends events to a stream, or finds that they are there already, or that the writer's expectation is wrong. */
  append(name: string, expected: ExpectedRevision, events: readonly ProposedEvent[]): WriteOutcome {
    const ids = events.map((event) => event.id);
    return this.#write(name, expected, ids, (stream) => {
      if (events.length === 0) return { kind: 'written', lastRevision: stream.last, position: undefined };
      const position = this.#addAll(stream, events);
      return { kind: 'written', lastRevision: stream.last + events.length, position };
    });
  }

  /**
   * Soft delete: reads no longer find the stream, an append brings it back with its numbering going on. Written, as the
   * server does, as stream metadata; the events stay in `$all`.
   */
  softDelete(name: string, expected: ExpectedRevision): WriteOutcome {
    return this.#write(name, expected, [newId()], (stream) => {
      const metastream = this.#streams.find(metastreamOf(name));
      if (stream.last < 0 && metastream.last < 0) return { kind: 'wrong-revision', current: stream.last };
      const position = this.#writeMetadata(name, SOFT_DELETED_JSON);
      return { kind: 'written', lastRevision: stream.last, position };
    });
  }

  /** Tombstone: the stream can never be written or read again. */
  tombstone(name: string, expected: ExpectedRevision): WriteOutcome {
    return this.#write(name, expected, [newId()], (stream) => {
      const row = { id: this.#streams.idOf(stream), name };
      const position = this.#log.add(row, TOMBSTONE_REVISION, systemEvent('$streamDeleted', ''));
      return { kind: 'written', lastRevision: stream.last, position };
    });
  }

  #write(
    name: string,
    expected: ExpectedRevision,
    ids: readonly Uuid[],
    work: (stream: StreamState) => WriteOutcome,
  ): WriteOutcome {
    const stream = this.#streams.find(name);
    const history = this.#log.historyOf(stream, () => this.#streams.find(metastreamOf(name)).last >= 0);
    const verdict: CommitVerdict = checkCommit(stream, expected, ids, history);
    switch (verdict.kind) {
      case 'write': {
        const outcome = this.#log.transaction(() => work(stream));
        if (outcome.kind === 'written') this.#announce(name);
        return outcome;
      }
      case 'repeated': {
        const { lastRevision } = verdict;
        const position = stream.id === undefined ? undefined : this.#log.positionOf(stream.id, lastRevision);
        return { kind: 'written', lastRevision, position };
      }
      case 'wrong-revision':
        return { kind: 'wrong-revision', current: stream.last };
      case 'deleted':
        return { kind: 'deleted' };
    }
  }

  #announce(name: string): void {
    this.#signal.announce(name);
    this.#signal.announce(metastreamOf(name));
    const original = originalOf(name);
    if (original !== undefined) this.#signal.announce(original);
  }

  #addAll(stream: StreamState, events: readonly ProposedEvent[]): number {
    const row = { id: this.#streams.idOf(stream), name: stream.name };
    let position = 0;
    events.forEach((event, index) => {
      position = this.#log.add(row, stream.last + 1 + index, event);
    });
    const original = originalOf(stream.name);
    if (original !== undefined) this.#metadataWasWritten(original, events.at(-1));
    if (stream.softDeleted) this.#bringBack(stream.name, stream.last + 1);
    return position;
  }

  #metadataWasWritten(original: string, event: ProposedEvent | undefined): void {
    const before = this.#streams.find(original);
    this.#streams.setMetadata(original, parseStreamMetadata(Buffer.from(event?.data ?? []).toString('utf8')));
    if (before.softDeleted) this.#bringBack(original, before.last + 1);
  }

  /** Keeps the other metadata and lets the stream start at the given revision. */
  #bringBack(name: string, firstRevision: number): void {
    const metadata = this.#log.newestData(this.#streams.find(metastreamOf(name)).id) ?? '{}';
    this.#writeMetadata(name, withTruncateBefore(metadata, firstRevision));
  }

  #writeMetadata(name: string, json: string): number {
    const metastream = this.#streams.find(metastreamOf(name));
    const row = { id: this.#streams.idOf(metastream), name: metastream.name };
    const position = this.#log.add(row, metastream.last + 1, systemEvent('$metadata', json));
    this.#streams.setMetadata(name, parseStreamMetadata(json));
    return position;
  }
}

/** An event the server itself writes. */
export function systemEvent(type: string, json: string): ProposedEvent {
  return { id: newId(), type, isJson: json !== '', data: Buffer.from(json, 'utf8'), metadata: Buffer.alloc(0) };
}

function newId(): Uuid {
  const text = randomUUID();
  return { text, bytes: Buffer.from(text.replaceAll('-', ''), 'hex') };
}
