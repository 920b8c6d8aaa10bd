import { type ExpectedRevision } from '../store/expected-revision.js';
import { type WriteOutcome } from '../store/event-writer.js';
import { shared, streams } from './stubs.js';

/** The reply of the Append call. A wrong expected revision is part of it; other failures are gRPC statuses. */
export function appendResponse(
  expected: ExpectedRevision,
  outcome: Exclude<WriteOutcome, { kind: 'deleted' }>,
): streams.AppendResp {
  if (outcome.kind === 'written') return new streams.AppendResp().setSuccess(success(outcome));
  return new streams.AppendResp().setWrongExpectedVersion(wrongExpectedVersion(expected, outcome.current));
}

function success(outcome: WriteOutcome & { kind: 'written' }): streams.AppendResp.Success {
  const message = new streams.AppendResp.Success();
  if (outcome.lastRevision < 0) message.setNoStream(new shared.Empty());
  else message.setCurrentRevision(outcome.lastRevision.toString());
  if (outcome.position === undefined) return message.setNoPosition(new shared.Empty());
  const position = outcome.position.toString();
  return message.setPosition(
    new streams.AppendResp.Position().setCommitPosition(position).setPreparePosition(position),
  );
}

function wrongExpectedVersion(expected: ExpectedRevision, current: number): streams.AppendResp.WrongExpectedVersion {
  const message = new streams.AppendResp.WrongExpectedVersion();
  if (current < 0) message.setCurrentNoStream(new shared.Empty());
  else message.setCurrentRevision(current.toString());
  switch (expected) {
    case 'any':
      return message.setExpectedAny(new shared.Empty());
    case 'no_stream':
      return message.setExpectedNoStream(new shared.Empty());
    case 'stream_exists':
      return message.setExpectedStreamExists(new shared.Empty());
    default:
      return message.setExpectedRevision(expected.toString());
  }
}
