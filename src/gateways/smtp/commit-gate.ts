import { Transform } from 'node:stream';
import { type Commit } from '../mail-sender.port.js';

/**
 * Lets a mail through and holds its end back until `commit` resolves. An SMTP server acts on a mail only after the
 * line that ends it (RFC 5321, 4.1.1.4), so whatever happens before leaves nothing sent, and is safe to do again.
 */
export class CommitGate extends Transform {
  /** Whether the end has been let through: from here on nobody knows what became of the mail but the server. */
  passed = false;

  constructor(private readonly commit: Commit) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    done(null, chunk);
  }

  override _flush(done: (error?: Error) => void): void {
    this.commit().then(
      () => {
        // The connection may have gone while we waited; then the end never reaches the server.
        this.passed = !this.destroyed;
        done();
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
