/**
 * A fixed number of slots, given out in order of asking. With one slot per thread, time spent waiting in the queue is not
 * charged to the message that waits.
 */
export class Slots {
  #free: number;
  #closed = false;
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Waits for a slot; the function given back frees it. Rejects once closed. */
  async take(): Promise<() => void> {
    if (this.#closed) throw new Error('the mail parser has been closed');
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    return () => this.#release();
  }

  close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the mail parser has been closed'));
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next.resolve();
  }
}
