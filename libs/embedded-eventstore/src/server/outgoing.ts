/** What is needed of a gRPC call to send on it. */
export interface SendingCall {
  write(message: Uint8Array): boolean;
  once(event: 'drain' | 'cancelled' | 'close', listener: () => void): unknown;
  readonly cancelled: boolean;
}

/**
 * The sending side of a read or a subscription. It never sends ahead of its reader: when the transport has enough,
 * `send` waits until the reader has taken some, so what a slow reader costs stays the same however far it falls behind.
 */
export class Outgoing {
  readonly #call: SendingCall;
  readonly #ended = new AbortController();
  #roomMade: (() => void) | undefined;

  constructor(call: SendingCall) {
    this.#call = call;
    const stop = () => this.stop();
    // Both, because a reader that vanishes leaves only 'cancelled', and a call that fails on our side only 'close'.
    call.once('cancelled', stop);
    call.once('close', stop);
    if (call.cancelled) stop();
  }

  /** Aborts when the call is over, whoever ended it. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Sends messages one after another, at the reader's pace. Stops early, without an error, when the call is over. */
  async send(messages: Iterable<Uint8Array>): Promise<void> {
    for (const message of messages) {
      if (this.#ended.signal.aborted) return;
      if (!this.#call.write(message)) await this.#room();
    }
  }

  /** Sends nothing more. */
  stop(): void {
    this.#ended.abort();
    this.#roomMade?.();
  }

  async #room(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#roomMade = resolve;
    this.#call.once('drain', resolve);
    if (this.#ended.signal.aborted) resolve();
    await promise;
    this.#roomMade = undefined;
  }
}
