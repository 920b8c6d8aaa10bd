import { type ExpectedRevision } from '../store/expected-revision.js';

/** Something this server does not do. Answered as UNIMPLEMENTED, never by doing something else instead. */
export class NotServedError extends Error {
  override readonly name = 'NotServedError';

  constructor(what: string) {
    super(`The embedded event store does not serve ${what}.`);
  }
}

/** The stream carries a tombstone, or was expected to exist and is soft-deleted. */
export class StreamGoneError extends Error {
  override readonly name = 'StreamGoneError';

  constructor(readonly stream: string) {
    super(`Event stream '${stream}' is deleted.`);
  }
}

/** A delete met another revision than it expected. (To appends this is a reply, not an error.) */
export class WrongRevisionError extends Error {
  override readonly name = 'WrongRevisionError';

  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** Revision of the stream's last event, -1 for none. */
    readonly current: number,
  ) {
    super(`Delete failed: stream '${stream}' is at revision ${current}, expected was ${expected}.`);
  }
}

/** The events of one append are together larger than the server takes. */
export class AppendTooLargeError extends Error {
  override readonly name = 'AppendTooLargeError';

  constructor(readonly maximumBytes: number) {
    super(`Maximum Append Size of ${maximumBytes} Exceeded.`);
  }
}

/** A required key of an event's description is missing. */
export class MissingDescriptionError extends Error {
  override readonly name = 'MissingDescriptionError';

  constructor(readonly key: string) {
    super(`Required Metadata Property '${key}' is missing`);
  }
}
