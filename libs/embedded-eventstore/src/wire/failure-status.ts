import { Metadata, status, type StatusObject } from '@grpc/grpc-js';

import { type ExpectedRevision } from '../store/expected-revision.js';
import {
  AppendTooLargeError,
  MissingDescriptionError,
  NotServedError,
  StreamGoneError,
  WrongRevisionError,
} from './failures.js';

/**
 * A failure as a gRPC status, as every call but BatchAppend ends with one. The official client does not look at the
 * status code first but at the trailer `exception`, and takes the fields of its error classes from further trailers.
 */
export type FailureStatus = Pick<StatusObject, 'code' | 'details' | 'metadata'>;

/** What an error means to the caller. Requests that make no sense throw RangeError where they are read. */
export function statusOf(error: unknown): FailureStatus {
  const message = error instanceof Error ? error.message : String(error);
  return { code: codeOf(error), details: message, metadata: trailersOf(error) };
}

/** The server is closing; clients take this as a reason to connect again. */
export function shuttingDownStatus(): FailureStatus {
  const details = 'The embedded event store is shutting down.';
  return { code: status.UNAVAILABLE, details, metadata: new Metadata() };
}

/** Whether the store itself has failed, which is worth a log line, as opposed to refusing what was asked of it. */
export function isStoreFailure(error: unknown): boolean {
  return codeOf(error) === status.UNKNOWN;
}

function codeOf(error: unknown): status {
  if (error instanceof NotServedError) return status.UNIMPLEMENTED;
  if (error instanceof StreamGoneError || error instanceof WrongRevisionError) return status.FAILED_PRECONDITION;
  const isRequest =
    error instanceof RangeError || error instanceof AppendTooLargeError || error instanceof MissingDescriptionError;
  return isRequest ? status.INVALID_ARGUMENT : status.UNKNOWN;
}

function trailersOf(error: unknown): Metadata {
  if (error instanceof StreamGoneError) return trailers({ exception: 'stream-deleted', 'stream-name': error.stream });
  if (error instanceof WrongRevisionError) {
    return trailers({
      exception: 'wrong-expected-version',
      'stream-name': error.stream,
      'expected-version': numberOf(error.expected),
      'actual-version': error.current.toString(),
    });
  }
  if (error instanceof AppendTooLargeError) {
    const maximum = error.maximumBytes.toString();
    return trailers({ exception: 'maximum-append-size-exceeded', 'maximum-append-size': maximum });
  }
  if (error instanceof MissingDescriptionError) {
    const properties = 'type,content-type';
    return trailers({
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': properties,
    });
  }
  return new Metadata();
}

/** The server's own numbers for the expectations that are not revisions. */
function numberOf(expected: ExpectedRevision): string {
  switch (expected) {
    case 'any':
      return '-2';
    case 'no_stream':
      return '-1';
    case 'stream_exists':
      return '-4';
    default:
      return expected.toString();
  }
}

function trailers(values: Record<string, string>): Metadata {
  const metadata = new Metadata();
  // gRPC refuses trailers that are not printable ASCII, and stream names may be anything.
  for (const [key, value] of Object.entries(values)) metadata.set(key, value.replace(/[^ -~]+/g, encodeURIComponent));
  return metadata;
}
