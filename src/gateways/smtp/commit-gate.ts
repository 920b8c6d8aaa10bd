import { Readable } from 'node:stream';
import { type Commit } from '../mail-sender.port.js';

/**
 * Lets a mail through and holds its end back until `commit` resolves. An SMTP server acts on a mail only after the
 * line that ends it (RFC 5321, 4.1.1.4), so whatever happens before leaves nothing sent, and is safe to do again.
 */
export class CommitGate {
  #passed = false;
  #closed = false;

  constructor(private readonly commit: Commit) {}

  /** Whether the end has been let through: from here on nobody knows what became of the mail but the server. */
  get passed(): boolean {
    return this.#passed;
  }

  /** The mail; its source is opened when somebody begins to read, and not before. */
  through(source: () => Readable): Readable {
    return Readable.from(this.#chunks(source), { objectMode: false });
  }

  /** Nothing passes any more. */
  close(): void {
    this.#closed = true;
  }

  async *#chunks(source: () => Readable): AsyncGenerator<Buffer> {
    for await (const chunk of source()) yield chunk as Buffer;
    await this.commit();
    // The connection may have failed while we waited; then the end does not reach the server.
    if (this.#closed) throw new Error('The connection has failed.');
    this.#passed = true;
  }
}
