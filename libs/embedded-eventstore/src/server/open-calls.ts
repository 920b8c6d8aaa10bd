/** The calls under way, so that closing the server can end each of them with an answer instead of a torn connection. */
export class OpenCalls {
  readonly #enders = new Set<() => void>();

  /** Registers a call by what ends it; gives back what to call when it is over by itself. */
  add(end: () => void): () => void {
    this.#enders.add(end);
    return () => this.#enders.delete(end);
  }

  endAll(): void {
    const enders = [...this.#enders];
    this.#enders.clear();
    enders.forEach((end) => end());
  }
}
