import { type Message } from 'google-protobuf';

import { type ExpectedRevision } from '../store/expected-revision.js';
import { type WriteOutcome } from '../store/event-writer.js';
import { MAX_APPEND_BYTES } from './proposed-events.js';
import { streamIdentifier } from './stream-identifier.js';
import { any, code, empty, shared, status, streams } from './stubs.js';

/** Which of a client's appends a reply belongs to. The official client needs both to make sense of an error. */
export interface BatchAppendKey {
  readonly correlationId: shared.UUID | undefined;
  readonly stream: string;
}

/** Why an append failed before it came to the store. */
export type BatchAppendRefusal =
  | { readonly kind: 'too-large' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'bad-request'; readonly message: string }
  | { readonly kind: 'unknown' };

/**
 * The reply to one append on the BatchAppend stream. Failures are no gRPC statuses here, because the stream goes on:
 * they are a google.rpc.Status whose details hold one of the protocol's error messages.
 */
export function batchAppendResponse(
  key: BatchAppendKey,
  expected: ExpectedRevision,
  outcome: WriteOutcome,
): streams.BatchAppendResp {
  switch (outcome.kind) {
    case 'written':
      return reply(key).setSuccess(success(outcome));
    case 'wrong-revision':
      return reply(key).setError(
        failure(code.Code.ALREADY_EXISTS, 'WrongExpectedVersion', wrongExpectedVersion(expected, outcome.current)),
      );
    case 'deleted':
      return reply(key).setError(
        failure(
          code.Code.NOT_FOUND,
          'StreamDeleted',
          new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(key.stream)),
        ),
      );
  }
}

/** The reply to an append that was refused before it came to the store. */
export function batchAppendRefusal(key: BatchAppendKey, refusal: BatchAppendRefusal): streams.BatchAppendResp {
  return reply(key).setError(refusalStatus(refusal));
}

function reply(key: BatchAppendKey): streams.BatchAppendResp {
  return new streams.BatchAppendResp()
    .setCorrelationId(key.correlationId)
    .setStreamIdentifier(streamIdentifier(key.stream));
}

function success(outcome: WriteOutcome & { kind: 'written' }): streams.BatchAppendResp.Success {
  const message = new streams.BatchAppendResp.Success();
  if (outcome.lastRevision < 0) message.setNoStream(new empty.Empty());
  else message.setCurrentRevision(outcome.lastRevision.toString());
  if (outcome.position === undefined) return message.setNoPosition(new empty.Empty());
  const position = outcome.position.toString();
  return message.setPosition(new shared.AllStreamPosition().setCommitPosition(position).setPreparePosition(position));
}

function wrongExpectedVersion(expected: ExpectedRevision, current: number): shared.WrongExpectedVersion {
  const message = new shared.WrongExpectedVersion();
  if (current < 0) message.setCurrentNoStream(new empty.Empty());
  else message.setCurrentStreamRevision(current.toString());
  switch (expected) {
    case 'any':
      return message.setExpectedAny(new empty.Empty());
    case 'no_stream':
      return message.setExpectedNoStream(new empty.Empty());
    case 'stream_exists':
      return message.setExpectedStreamExists(new empty.Empty());
    default:
      return message.setExpectedStreamPosition(expected.toString());
  }
}

function refusalStatus(refusal: BatchAppendRefusal): status.Status {
  switch (refusal.kind) {
    case 'too-large':
      return failure(
        code.Code.INVALID_ARGUMENT,
        'MaximumAppendSizeExceeded',
        new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_BYTES),
      );
    case 'timeout':
      return failure(code.Code.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout());
    case 'bad-request':
      return failure(code.Code.INVALID_ARGUMENT, 'BadRequest', new shared.BadRequest().setMessage(refusal.message));
    case 'unknown':
      return failure(code.Code.UNKNOWN, 'Unknown', new shared.Unknown());
  }
}

/** The error messages are found by their full names, `event_store.client.` and the class. */
function failure(statusCode: code.Code, name: string, details: Message): status.Status {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${name}`);
  return new status.Status().setCode(statusCode).setMessage(name).setDetails(packed);
}
