import { type Uuid } from '../wire/uuid.js';
import { type ExpectedRevision } from './expected-revision.js';

/** What has to be known of a stream to decide on a write to it. `last` is the revision of its last event, -1 for none. */
export interface StreamBeforeWrite {
  readonly last: number;
  readonly tombstoned: boolean;
  readonly softDeleted: boolean;
}

/** Answers questions about events already in the stream; asked only when the answer matters. */
export interface StreamHistory {
  /** The revision of the event with this id in this stream. */
  revisionOf(id: Uuid): number | undefined;
  /** Whether the event at this revision has this id. */
  hasAt(revision: number, id: Uuid): boolean;
  /** Whether stream metadata has ever been written; a stream with metadata "exists" even before its first event. */
  hasMetadata(): boolean;
}

export type CommitVerdict =
  | { readonly kind: 'write' }
  /** All events are there already, ending at this revision: answer success and write nothing. */
  | { readonly kind: 'repeated'; readonly lastRevision: number }
  | { readonly kind: 'wrong-revision' }
  | { readonly kind: 'deleted' };

const WRITE: CommitVerdict = { kind: 'write' };
const WRONG_REVISION: CommitVerdict = { kind: 'wrong-revision' };
const DELETED: CommitVerdict = { kind: 'deleted' };

/**
 * Decides what becomes of an append, with the real server's outcomes for repeated events
 * (EventStoreDB documentation, "Appending events", "Idempotence"):
 *
 * - the same ids in the same place again: success with the old revision, nothing written;
 * - another first id: wrong expected revision (or a plain write, where the expectation allows it);
 * - only some of the ids: wrong expected revision, because the append is not a repetition.
 */
export function checkCommit(
  stream: StreamBeforeWrite,
  expected: ExpectedRevision,
  ids: readonly Uuid[],
  history: StreamHistory,
): CommitVerdict {
  if (stream.tombstoned) return DELETED;
  if (expected === 'stream_exists') {
    if (stream.softDeleted) return DELETED;
    if (stream.last < 0 && !history.hasMetadata()) return WRONG_REVISION;
  }
  if (expected === 'any' || expected === 'stream_exists') return checkById(ids, history);
  return checkByRevision(stream, expected, ids, history);
}

function checkById(ids: readonly Uuid[], history: StreamHistory): CommitVerdict {
  let lastRevision: number | undefined;
  for (const id of ids) {
    const revision = history.revisionOf(id);
    if (revision === undefined) return lastRevision === undefined ? WRITE : WRONG_REVISION;
    lastRevision = revision;
  }
  return lastRevision === undefined ? WRITE : { kind: 'repeated', lastRevision };
}

function checkByRevision(
  stream: StreamBeforeWrite,
  expected: bigint | 'no_stream',
  ids: readonly Uuid[],
  history: StreamHistory,
): CommitVerdict {
  const expectedLast = expected === 'no_stream' ? -1n : expected;
  const last = BigInt(stream.last);
  if (expectedLast > last) return WRONG_REVISION;
  if (expectedLast === last) return WRITE;

  const first = Number(expectedLast) + 1;
  const matching = ids.findIndex((id, index) => !history.hasAt(first + index, id));
  if (matching === -1)
    return ids.length === 0 ? WRONG_REVISION : { kind: 'repeated', lastRevision: first + ids.length - 1 };
  if (matching === 0 && expected === 'no_stream' && stream.softDeleted) return WRITE;
  return WRONG_REVISION;
}
