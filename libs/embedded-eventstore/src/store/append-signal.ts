/** The key under which every append is announced. No stream can have this name. */
export const ALL_STREAMS = '$all';

/**
 * Tells live subscriptions that something was committed. It carries no events: a subscription that wakes up reads what
 * is new from the store at its own pace, so a slow one never makes anything pile up here.
 */
export class AppendSignal {
  readonly #waiting = new Map<string, Set<() => void>>();
  #version = 0;

  /** Grows with every append. Taken before reading, it tells `wait` what the reader has seen. */
  get version(): number {
    return this.#version;
  }

  /** Wakes up who waits for this stream or for all. */
  announce(stream: string): void {
    this.#version += 1;
    this.#wake(stream);
    this.#wake(ALL_STREAMS);
  }

  /**
   * Resolves when the stream (or `ALL_STREAMS`) has been written to, at once when anything was appended since `seen`,
   * or when `ended` aborts.
   */
  async wait(stream: string, seen: number, ended: AbortSignal): Promise<void> {
    if (this.#version !== seen || ended.aborted) return;
    const waiting = this.#waiting.get(stream) ?? new Set();
    this.#waiting.set(stream, waiting);
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    waiting.add(wake);
    ended.addEventListener('abort', wake, { once: true });
    await promise;
    ended.removeEventListener('abort', wake);
    waiting.delete(wake);
    if (waiting.size === 0 && this.#waiting.get(stream) === waiting) this.#waiting.delete(stream);
  }

  #wake(stream: string): void {
    const waiting = this.#waiting.get(stream);
    this.#waiting.delete(stream);
    waiting?.forEach((wake) => wake());
  }
}
