/**
 * Why a message was given up. The first five are found by the parser itself and are true for that message for ever
 * (until limits change); the last three come from the pool and may be worth another try.
 */
export type UnreadableReason =
  | 'headers-too-large'
  | 'too-many-parts'
  | 'nested-too-deep'
  | 'decoded-too-large'
  | 'no-such-attachment'
  | 'timeout'
  | 'out-of-memory'
  | 'parser-failed';

/** The only error this library throws because of what a message contains. Carries no content of the message. */
export class MailUnreadable extends Error {
  override readonly name = 'MailUnreadable';

  constructor(
    readonly reason: UnreadableReason,
    detail: string = reason,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}
