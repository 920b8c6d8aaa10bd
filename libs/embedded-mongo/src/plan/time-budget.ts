import { MongoFault } from '../mongo-fault.js';

const CHECK_EVERY = 64;

/**
 * The time a command may take (`maxTimeMS`). For a cursor it covers the work on all of its batches, and not the time in
 * which the client has not asked for more (manual, "cursor.maxTimeMS").
 */
export class TimeBudget {
  private used = 0;
  private since: number | undefined;
  private steps = 0;

  /** @param limitMs undefined for no limit */
  constructor(private readonly limitMs: number | undefined) {}

  /** Called for every step of the work. @throws MongoFault 50 when the time is over */
  tick(): void {
    if (this.limitMs === undefined) return;
    this.since ??= performance.now();
    if (++this.steps % CHECK_EVERY !== 0) return;
    if (this.used + performance.now() - this.since > this.limitMs) {
      throw new MongoFault(50, 'operation exceeded time limit');
    }
  }

  /** The work pauses until the next tick. */
  pause(): void {
    if (this.since === undefined) return;
    this.used += performance.now() - this.since;
    this.since = undefined;
  }
}

/** No limit. */
export const UNLIMITED = new TimeBudget(undefined);
