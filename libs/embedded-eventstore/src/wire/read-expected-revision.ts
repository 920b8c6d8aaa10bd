import { type ExpectedRevision } from '../store/expected-revision.js';

/** The choice all four kinds of write requests offer; the exact revision has another name in one of them. */
interface ExpectationChoice {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

type ExactRevision =
  { hasRevision(): boolean; getRevision(): string } | { hasStreamPosition(): boolean; getStreamPosition(): string };

/** What a write request expects of its stream. @throws RangeError when it does not say */
export function readExpectedRevision(options: ExpectationChoice & ExactRevision): ExpectedRevision {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  const exact = exactRevision(options);
  if (exact === undefined) throw new RangeError('The expected stream revision is not set');
  return exact;
}

function exactRevision(options: ExactRevision): bigint | undefined {
  if ('hasRevision' in options) return options.hasRevision() ? BigInt(options.getRevision()) : undefined;
  return options.hasStreamPosition() ? BigInt(options.getStreamPosition()) : undefined;
}
