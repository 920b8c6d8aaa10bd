import { type HeaderReading, parseAddresses, type Address } from '../header/addresses.js';
import { bufferOf } from '../charset/decode-text.js';
import { type MimePart } from '../mime/mime-part.js';
import { parseMimeTree } from '../mime/parse-mime-tree.js';
import { limitsOf, type ParseLimits, type ParseOptions } from '../parse-limits.js';

const MAX_ADDRESSES = 2_000;

/** A message whose parts have been located; everything else is decoded when it is asked for. */
export class ParsedMessage {
  readonly source: Buffer;
  readonly root: MimePart;
  readonly limits: ParseLimits;
  #label: string | null | undefined;

  /** @throws MailUnreadable when the message is beyond the limits */
  constructor(source: Uint8Array, options?: ParseOptions) {
    this.source = bufferOf(source);
    this.limits = limitsOf(options);
    this.root = parseMimeTree(this.source, this.limits);
  }

  /** The charset that the first text part declares: raw bytes in the headers are most likely in it, too. */
  get label(): string | null {
    if (this.#label === undefined) {
      this.#label = null;
      for (const part of this.root.walk()) {
        this.#label = part.type.startsWith('text/') ? part.charset : null;
        if (this.#label !== null) break;
      }
    }
    return this.#label;
  }

  get reading(): HeaderReading {
    return { label: this.label, encodedWords: this.limits.encodedWords };
  }

  /** Mailboxes of all fields of that name (mailers that repeat To or Cc mean all of them), at most 2,000. */
  addresses(field: string): Address[] {
    const found: Address[] = [];
    for (const raw of this.root.headers.all(field)) {
      if (found.length >= MAX_ADDRESSES) break;
      found.push(...parseAddresses(raw, this.reading, MAX_ADDRESSES - found.length));
    }
    return found;
  }
}
