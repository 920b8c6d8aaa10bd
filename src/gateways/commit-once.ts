import { type Commit } from './mail-sender.port.js';

/** Watches over a commit: it is asked for once, and whether it was given is known afterwards. */
export class CommitOnce {
  #begun: Promise<void> | undefined;
  #given = false;

  constructor(private readonly commit: Commit) {}

  /** Whether the provider may have been told since. */
  get given(): boolean {
    return this.#given;
  }

  /** Rejects as the commit does; a second request for the same mail needs no second one. */
  async ask(): Promise<void> {
    this.#begun ??= this.commit();
    await this.#begun;
    this.#given = true;
  }
}
