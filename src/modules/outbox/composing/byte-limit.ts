import { Transform, type TransformCallback } from 'node:stream';

/** More came than may. */
export class TooManyBytes extends Error {
  override readonly name = 'TooManyBytes';
}

/** Counts what passes, and fails with TooManyBytes as soon as it is more than `limit`. */
export class ByteLimit extends Transform {
  bytes = 0;

  constructor(private readonly limit: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.limit) done(new TooManyBytes());
    else done(null, chunk);
  }
}
