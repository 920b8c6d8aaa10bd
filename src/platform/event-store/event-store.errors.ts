import { DeadlineExceededError, UnavailableError, WrongExpectedVersionError } from '@eventstore/db-client';
import { setTimeout as sleep } from 'node:timers/promises';

/** Somebody else appended between our reading and our append: what was decided, was decided on an old state. */
export class StreamMovedOn extends Error {
  override readonly name = 'StreamMovedOn';
}

/** The event store does not answer. Nothing is known to be lost; the same request may be repeated. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** As the client's own errors say it. */
  readonly type = 'unavailable';
}

const PAUSES_MS = [50, 250, 1000];

/** Calls the store, and again where it gave no answer; everything else it says is passed on in our own terms. */
export async function insist<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (const pause of [...PAUSES_MS, null]) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) throw new StreamMovedOn(error.streamName, { cause: error });
      if (!isUnanswered(error)) throw error;
      if (pause === null) throw new StoreUnavailable('The event store does not answer.', { cause: error });
      await sleep(pause);
    }
  }
  throw new StoreUnavailable('The event store does not answer.');
}

/** gRPC status codes 4 (deadline), 10 (aborted) and 14 (unavailable); some reach us as plain gRPC errors. */
export function isUnanswered(error: unknown): boolean {
  if (error instanceof UnavailableError || error instanceof DeadlineExceededError) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return code === 4 || code === 10 || code === 14;
}
