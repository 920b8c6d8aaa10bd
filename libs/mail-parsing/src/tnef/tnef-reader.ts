/** Reads little-endian values forward and never behind the end: then `ended` is set and everything reads as nothing. */
export class TnefReader {
  readonly #bytes: Buffer;
  #at = 0;
  ended = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.take(1)[0] ?? 0;
  }

  u16(): number {
    const bytes = this.take(2);
    return bytes.length === 2 ? bytes.readUInt16LE() : 0;
  }

  u32(): number {
    const bytes = this.take(4);
    return bytes.length === 4 ? bytes.readUInt32LE() : 0;
  }

  /** The next so many bytes, in the source's memory; none when there are fewer. */
  take(length: number): Buffer {
    if (length > this.left) {
      this.ended = true;
      this.#at = this.#bytes.length;
      return this.#bytes.subarray(0, 0);
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** The same, with what fills it up to a multiple of four. */
  takePadded(length: number): Buffer {
    const bytes = this.take(length);
    this.take(Math.min((4 - (length % 4)) % 4, this.left));
    return bytes;
  }
}
