import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';

import { statusOf } from './failure-status.js';
import {
  AppendTooLargeError,
  MissingDescriptionError,
  NotServedError,
  StreamGoneError,
  WrongRevisionError,
} from './failures.js';

describe('the status of a failure', () => {
  it.each([
    [new StreamGoneError('mailbox'), status.FAILED_PRECONDITION, 'stream-deleted'],
    [new WrongRevisionError('mailbox', 'any', -1), status.FAILED_PRECONDITION, 'wrong-expected-version'],
    [new AppendTooLargeError(1024), status.INVALID_ARGUMENT, 'maximum-append-size-exceeded'],
    [new MissingDescriptionError('type'), status.INVALID_ARGUMENT, 'missing-required-metadata-property'],
    [new NotServedError('projections'), status.UNIMPLEMENTED, undefined],
    [new RangeError('no such position'), status.INVALID_ARGUMENT, undefined],
    [new Error('disk full'), status.UNKNOWN, undefined],
  ])('%s', (error, code, exception) => {
    const failure = statusOf(error);
    expect(failure).toMatchObject({ code, details: error.message });
    expect(failure.metadata.get('exception')[0]).toBe(exception);
  });

  it('gives expectations that are not revisions as the numbers of the real server', () => {
    const numbers = (['any', 'no_stream', 'stream_exists', 7n] as const).map(
      (expected) => statusOf(new WrongRevisionError('mailbox', expected, 3)).metadata.get('expected-version')[0],
    );
    expect(numbers).toEqual(['-2', '-1', '-4', '7']);
  });

  it('can name a stream that gRPC could not carry in a trailer', () => {
    const { metadata } = statusOf(new StreamGoneError('受信箱-1\n'));
    expect(decodeURIComponent(String(metadata.get('stream-name')[0]))).toBe('受信箱-1\n');
  });
});
