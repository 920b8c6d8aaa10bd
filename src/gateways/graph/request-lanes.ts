import { setTimeout as sleep } from 'node:timers/promises';

/** Requests that Graph carries out at once for one app and mailbox (throttling-limits.md, "Outlook service limits"). */
const AT_ONCE = 4;

interface Lanes {
  free: number;
  readonly waiting: (() => void)[];
  /** Nobody sets out before this instant (ms). */
  closedUntil: number;
}

/**
 * At most four requests at once for one mailbox, whoever of this instance makes them; and when Microsoft says how long
 * to wait, all of them wait.
 */
export class RequestLanes {
  private readonly lanes = new Map<string, Lanes>();

  /** Does the work in a lane of the mailbox; rejects as the work does, or with the signal's reason while waiting. */
  async run<T>(mailbox: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const lanes = await this.enter(mailbox, signal);
    try {
      await untilOpen(lanes, signal);
      return await work();
    } finally {
      this.leave(mailbox, lanes);
    }
  }

  /** Closes all lanes of the mailbox for so long. */
  close(mailbox: string, milliseconds: number): void {
    const lanes = this.of(mailbox);
    lanes.closedUntil = Math.max(lanes.closedUntil, Date.now() + milliseconds);
  }

  private async enter(mailbox: string, signal: AbortSignal): Promise<Lanes> {
    const lanes = this.of(mailbox);
    signal.throwIfAborted();
    if (lanes.free > 0) {
      lanes.free -= 1;
      return lanes;
    }
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const turn = (): void => resolve(undefined);
    const giveUp = (): void => {
      const place = lanes.waiting.indexOf(turn);
      if (place < 0) return; // the lane is ours already; the work itself will see the signal
      lanes.waiting.splice(place, 1);
      reject(signal.reason as Error);
    };
    lanes.waiting.push(turn);
    signal.addEventListener('abort', giveUp, { once: true });
    await promise;
    signal.removeEventListener('abort', giveUp);
    return lanes;
  }

  /** The lane goes to who has waited longest; a mailbox that nobody reads is forgotten. */
  private leave(mailbox: string, lanes: Lanes): void {
    const next = lanes.waiting.shift();
    if (next) return next();
    lanes.free += 1;
    if (lanes.free === AT_ONCE && lanes.closedUntil <= Date.now()) this.lanes.delete(mailbox);
  }

  private of(mailbox: string): Lanes {
    const existing = this.lanes.get(mailbox);
    if (existing) return existing;
    const lanes: Lanes = { free: AT_ONCE, waiting: [], closedUntil: 0 };
    this.lanes.set(mailbox, lanes);
    return lanes;
  }
}

async function untilOpen(lanes: Lanes, signal: AbortSignal): Promise<void> {
  for (let left = lanes.closedUntil - Date.now(); left > 0; left = lanes.closedUntil - Date.now()) {
    await sleep(left, undefined, { signal });
  }
}
