import { type ServerReadableStream } from '@grpc/grpc-js';

import { type EventStore } from '../store/event-store.js';
import { type ProposedEvent } from '../store/proposed-event.js';
import { AppendTooLargeError, StreamGoneError } from '../wire/failures.js';
import { appendResponse } from '../wire/append-response.js';
import { appendBytes, MAX_APPEND_BYTES, readProposedEvent } from '../wire/proposed-events.js';
import { readExpectedRevision } from '../wire/read-expected-revision.js';
import { writableStreamNameOf } from '../wire/stream-identifier.js';
import { type streams } from '../wire/stubs.js';

export type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;

/**
 * Serves the Append call: one message with the options, one for each event. The official client uses it for appends with
 * credentials. Nothing is written unless the whole request has arrived.
 * @throws what has to be answered as a failure of the call
 */
export async function serveAppend(store: EventStore, call: AppendCall): Promise<streams.AppendResp> {
  let options: streams.AppendReq.Options | undefined;
  let bytes = 0;
  const events: ProposedEvent[] = [];
  for await (const message of call as AsyncIterable<streams.AppendReq>) {
    options ??= message.getOptions();
    const proposed = message.getProposedMessage();
    if (proposed === undefined) continue;
    const event = readProposedEvent(proposed);
    bytes += appendBytes(event);
    if (bytes > MAX_APPEND_BYTES) throw new AppendTooLargeError(MAX_APPEND_BYTES);
    events.push(event);
  }
  if (options === undefined) throw new RangeError('An append needs options');
  const stream = writableStreamNameOf(options.getStreamIdentifier());
  const expected = readExpectedRevision(options);
  const outcome = store.writer.append(stream, expected, events);
  if (outcome.kind === 'deleted') throw new StreamGoneError(stream);
  return appendResponse(expected, outcome);
}
