import { MAX_MESSAGE_SIZE } from './message.js';

const LENGTH_BYTES = 4;
const LEAST_LENGTH = 16;

/** Cuts a stream of bytes into whole messages; each starts with its length. */
export class MessageFramer {
  private chunks: Buffer[] = [];
  private buffered = 0;

  /**
   * @returns the messages that are now complete
   * @throws Error when a length is impossible: the connection cannot be trusted any more
   */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    const messages: Buffer[] = [];
    for (let length = this.nextLength(); length !== undefined && this.buffered >= length; length = this.nextLength()) {
      messages.push(this.take(length));
    }
    return messages;
  }

  private nextLength(): number | undefined {
    if (this.buffered < LENGTH_BYTES) return undefined;
    const [first] = this.chunks;
    if (first === undefined || first.length < LENGTH_BYTES) this.chunks = [Buffer.concat(this.chunks)];
    const length = (this.chunks[0] as Buffer).readInt32LE(0);
    if (length < LEAST_LENGTH || length > MAX_MESSAGE_SIZE)
      throw new Error(`impossible message length ${String(length)}`);
    return length;
  }

  /** Copies only when a message came in several chunks. */
  private take(length: number): Buffer {
    const first = this.chunks[0] as Buffer;
    const joined = first.length >= length ? first : Buffer.concat(this.chunks);
    if (joined !== first) this.chunks = [joined];
    const rest = joined.subarray(length);
    if (rest.length > 0) this.chunks[0] = rest;
    else this.chunks.shift();
    this.buffered -= length;
    return joined.subarray(0, length);
  }
}
