import { type Position } from '@libs/eventsourcing';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnknownEventType } from '../event-store/event-codec.js';
import { type Delivered, type EventStore } from '../event-store/event-store.js';
import { type Checkpoints } from './checkpoints.js';

/** What one loop does with the events of its categories, in order. */
export interface CatchUpWork {
  readonly name: string;
  readonly categories: readonly string[];
  /** Must bear repetition: after a crash the last batch comes again. */
  handle(events: readonly Delivered[]): Promise<void>;
}

/** Thrown where doing it again cannot help: a projection that fails. The loop stops, loudly, and skips nothing. */
export class WorkIsBroken extends Error {
  override readonly name = 'WorkIsBroken';
}

export type CatchUpStatus = 'catching_up' | 'live' | 'retrying' | 'broken' | 'stopped';

export interface CatchUpParts {
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  readonly report: (event: 'failed' | 'broken', name: string, error: unknown) => void;
}

const LONGEST_PAUSE_MS = 5_000;

/**
 * One ordered loop over the store: read, do, then save the checkpoint. Every instance of the service runs every
 * loop; before doing a batch it looks how far the others have come, so the work is normally done once, and where
 * two do it at the same moment the position kept in every document makes the second change nothing.
 */
export class CatchUp {
  private seen: Position | null = null;
  private current: CatchUpStatus = 'catching_up';
  private readonly waiting = new Set<{ readonly position: Position; readonly resolve: () => void }>();
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    readonly work: CatchUpWork,
    private readonly parts: CatchUpParts,
  ) {}

  get status(): CatchUpStatus {
    return this.current;
  }

  get position(): Position | null {
    return this.seen;
  }

  start(): void {
    this.running = this.keepGoing();
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
    this.current = 'stopped';
  }

  /** Resolves once everything up to this position is done, or nobody waits for it any more. */
  async reached(position: Position, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || (this.seen !== null && this.seen >= position)) return;
    await new Promise<void>((resolve) => {
      const waiter = { position, resolve };
      this.waiting.add(waiter);
      signal?.addEventListener('abort', () => this.waiting.delete(waiter) && resolve(), { once: true });
    });
  }

  private async keepGoing(): Promise<void> {
    for (let failures = 0; !this.ending.signal.aborted;) {
      try {
        await this.followFromCheckpoint(() => (failures = 0));
      } catch (error) {
        if (this.ending.signal.aborted) return;
        if (error instanceof WorkIsBroken || error instanceof UnknownEventType) {
          this.current = 'broken';
          this.parts.report('broken', this.work.name, error);
          return;
        }
        this.current = 'retrying';
        this.parts.report('failed', this.work.name, error);
        await this.pause(Math.min(LONGEST_PAUSE_MS, 100 * 2 ** failures++));
      }
    }
  }

  private async followFromCheckpoint(onProgress: () => void): Promise<void> {
    const { store, checkpoints } = this.parts;
    this.advanceTo(await checkpoints.read(this.work.name));
    const subscription = store.subscribe({
      after: this.seen,
      categories: this.work.categories,
      signal: this.ending.signal,
      onCaughtUp: () => (this.current = 'live'),
    });
    for await (const events of subscription) {
      await this.doUndone(events);
      onProgress();
    }
  }

  private async doUndone(events: readonly Delivered[]): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    const done = await this.parts.checkpoints.read(this.work.name);
    const undone = done === null ? events : events.filter(({ position }) => position > done);
    if (undone.length > 0) {
      await this.work.handle(undone);
      await this.parts.checkpoints.advance(this.work.name, last.position);
    }
    this.advanceTo(last.position);
  }

  private advanceTo(position: Position | null): void {
    if (position === null || (this.seen !== null && this.seen >= position)) return;
    this.seen = position;
    for (const waiter of this.waiting) {
      if (waiter.position > position) continue;
      this.waiting.delete(waiter);
      waiter.resolve();
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.ending.signal }).catch(() => undefined); // woken by stop()
  }
}
