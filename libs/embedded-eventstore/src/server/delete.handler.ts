import { type EventStore } from '../store/event-store.js';
import { type ExpectedRevision } from '../store/expected-revision.js';
import { type WriteOutcome } from '../store/event-writer.js';
import { StreamGoneError, WrongRevisionError } from '../wire/failures.js';
import { readExpectedRevision } from '../wire/read-expected-revision.js';
import { writableStreamNameOf } from '../wire/stream-identifier.js';
import { streams } from '../wire/stubs.js';

/** Serves Delete: the soft one. @throws what has to be answered as a failure of the call */
export function serveDelete(store: EventStore, request: streams.DeleteReq): streams.DeleteResp {
  const options = required(request.getOptions());
  const stream = writableStreamNameOf(options.getStreamIdentifier());
  const expected = readExpectedRevision(options);
  const position = positionOf(stream, expected, store.writer.softDelete(stream, expected));
  return new streams.DeleteResp().setPosition(
    new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position),
  );
}

/** Serves Tombstone: the final one. @throws what has to be answered as a failure of the call */
export function serveTombstone(store: EventStore, request: streams.TombstoneReq): streams.TombstoneResp {
  const options = required(request.getOptions());
  const stream = writableStreamNameOf(options.getStreamIdentifier());
  const expected = readExpectedRevision(options);
  const position = positionOf(stream, expected, store.writer.tombstone(stream, expected));
  return new streams.TombstoneResp().setPosition(
    new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position),
  );
}

function positionOf(stream: string, expected: ExpectedRevision, outcome: WriteOutcome): string {
  switch (outcome.kind) {
    case 'written':
      return (outcome.position ?? 0).toString();
    case 'wrong-revision':
      throw new WrongRevisionError(stream, expected, outcome.current);
    case 'deleted':
      throw new StreamGoneError(stream);
  }
}

function required<T>(options: T | undefined): T {
  if (options === undefined) throw new RangeError('A delete needs options');
  return options;
}
