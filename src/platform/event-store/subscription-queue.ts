import { type AllStreamResolvedEvent, type AllStreamSubscription } from '@eventstore/db-client';

const LARGEST_BATCH = 500;

/**
 * Turns a subscription into batches: whatever has arrived by the time the reader comes back, at most LARGEST_BATCH.
 * The reader's pace is the pace: nothing is read ahead beyond the stream's own buffer.
 */
export class SubscriptionQueue {
  private failure: Error | undefined;
  private ended = false;
  private caughtUp: 'no' | 'told' | 'reported' = 'no';
  private wake: () => void = () => undefined;

  constructor(
    private readonly subscription: AllStreamSubscription,
    private readonly signal: AbortSignal,
    /** Called once, when everything that was in the store at the time of subscribing has been taken. */
    private readonly onCaughtUp: () => void = () => undefined,
  ) {
    const rouse = () => this.wake();
    subscription.on('readable', rouse);
    // The server says so again whenever it had fallen behind in between.
    subscription.on('caughtUp', () => {
      if (this.caughtUp === 'no') this.caughtUp = 'told';
      rouse();
    });
    subscription.on('error', (error: Error) => {
      this.failure = error;
      rouse();
    });
    for (const end of ['end', 'close'] as const) {
      subscription.on(end, () => {
        this.ended = true;
        rouse();
      });
    }
    signal.addEventListener('abort', rouse, { once: true });
  }

  /** Ends when the signal is aborted; throws when the subscription fails or the server ends it. */
  async *batches(): AsyncGenerator<AllStreamResolvedEvent[]> {
    while (!this.signal.aborted) {
      const batch = this.take();
      if (batch.length > 0) yield batch;
      else if (this.failure) throw this.failure;
      else if (this.ended) throw new Error('The event store ended the subscription.');
      else if (this.caughtUp === 'told') this.reportCaughtUp();
      else await this.more();
    }
  }

  /** Gives the call back to the server; otherwise it stays open for ever. */
  async close(): Promise<void> {
    await this.subscription.unsubscribe().catch(() => undefined); // it has failed already: nothing left to give back
  }

  private reportCaughtUp(): void {
    this.caughtUp = 'reported';
    this.onCaughtUp();
  }

  private take(): AllStreamResolvedEvent[] {
    const batch: AllStreamResolvedEvent[] = [];
    while (batch.length < LARGEST_BATCH) {
      const next = this.subscription.read() as AllStreamResolvedEvent | null;
      if (next === null) break;
      batch.push(next);
    }
    return batch;
  }

  private async more(): Promise<void> {
    const arrived = new Promise<void>((resolve) => (this.wake = resolve));
    const settled = this.failure ?? (this.ended || this.signal.aborted || this.caughtUp === 'told');
    if (!settled && this.subscription.readableLength === 0) await arrived;
  }
}
