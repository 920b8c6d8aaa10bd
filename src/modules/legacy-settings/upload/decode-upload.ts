import iconv from 'iconv-lite';

/** Enough text to tell the encodings apart, and all that is held back for it. */
const SAMPLE_BYTES = 65_536;
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Turns the bytes of an upload into text as they come. A byte order mark says UTF-8; without one, text that is valid
 * UTF-8 is taken for it and anything else for CP932, as Excel in Japanese writes "CSV（コンマ区切り）". Bytes that
 * mean nothing in the encoding become U+FFFD: what stands on such a line is then refused, not guessed.
 */
export async function* decodeUpload(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new UploadDecoder();
  for await (const chunk of chunks) {
    const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (text !== '') yield text;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

class UploadDecoder {
  private decoder: iconv.DecoderStream | null = null;
  private sample: Buffer = Buffer.alloc(0);

  write(chunk: Buffer): string {
    if (this.decoder !== null) return this.decoder.write(chunk) ?? '';
    // While every byte is ASCII the encodings do not differ, and nothing has to be held back.
    if (this.sample.length === 0 && chunk.every((byte) => byte < 0x80)) return chunk.toString('latin1');
    this.sample = Buffer.concat([this.sample, chunk]);
    return this.sample.length < SAMPLE_BYTES ? '' : this.decide();
  }

  end(): string {
    const held = this.decoder === null ? this.decide() : '';
    return held + this.finish();
  }

  private finish(): string {
    return this.decoder?.end() ?? '';
  }

  private decide(): string {
    const { sample } = this;
    this.sample = Buffer.alloc(0);
    this.decoder = iconv.getDecoder(encodingOf(sample));
    return this.decoder.write(sample) ?? '';
  }
}

function encodingOf(sample: Buffer): 'utf8' | 'cp932' {
  if (sample.subarray(0, UTF8_MARK.length).equals(UTF8_MARK)) return 'utf8';
  try {
    // As a stream: the sample may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return 'utf8';
  } catch {
    return 'cp932'; // not valid UTF-8
  }
}
