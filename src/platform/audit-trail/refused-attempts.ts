import { type CommandMetadata } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';

/** Somebody tried what is not for them. */
export interface RefusedAttempt {
  /** The stable code of the refusal, such as `role_missing`, `not_mailbox_owner` or `address_mismatch`. */
  readonly code: string;
  /** What was tried: `GET /api/v1/audit/events`, or a name of the act where there is no request. No secret, no query. */
  readonly attempt: string;
  /** Who tried, when, from where. */
  readonly metadata: CommandMetadata;
}

/** Puts refused attempts on the record. */
export interface RefusedAttemptsRecorder {
  record(attempt: RefusedAttempt): void;
}

/**
 * The port by which any part of the service puts a refused attempt on the record (R46). Recording neither delays nor
 * fails the refusal itself; what is recorded is bounded by the recorder, so that nobody floods the record.
 */
@Injectable()
export class RefusedAttempts {
  private recorder: RefusedAttemptsRecorder | undefined;

  register(recorder: RefusedAttemptsRecorder): void {
    this.recorder = recorder;
  }

  record(attempt: RefusedAttempt): void {
    this.recorder?.record(attempt);
  }
}
