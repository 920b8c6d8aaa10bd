import { parameterText, parseParameters, type ParameterizedValue } from '../header/parameters.js';
import { headerLine } from '../header/unfold.js';
import { type HeaderBlock } from './header-block.js';
import { decodeTransfer, transferEncodingOf, type TransferEncoding } from './transfer-encoding.js';

/** One node of a message's MIME tree (RFC 2045, 2046): where its bytes are and what they are said to be. */
export class MimePart {
  readonly children: MimePart[] = [];
  readonly contentType: ParameterizedValue;
  readonly encoding: TransferEncoding;
  #disposition: ParameterizedValue | undefined;
  #type: string;
  /** Set when the end has been found. */
  bodyEnd: number;

  constructor(
    readonly source: Buffer,
    readonly headers: HeaderBlock,
    readonly parent: MimePart | null,
  ) {
    this.contentType = parseParameters(headerLine(headers.first('content-type') ?? '', null));
    this.encoding = transferEncodingOf(headers.first('content-transfer-encoding'));
    this.bodyEnd = source.length;
    this.#type = typeOf(this.contentType.value, parent);
  }

  get bodyStart(): number {
    return this.headers.end;
  }

  /** `type/subtype` in lower case; what the container implies when it is missing (RFC 2045 5.2, RFC 2046 5.1.5). */
  get type(): string {
    return this.#type;
  }

  get isMultipart(): boolean {
    return this.#type.startsWith('multipart/');
  }

  /** RFC 2183: `inline`, `attachment`, or empty. */
  get disposition(): ParameterizedValue {
    return (this.#disposition ??= parseParameters(headerLine(this.headers.first('content-disposition') ?? '', null)));
  }

  /** The charset label as written, null without one. */
  get charset(): string | null {
    return parameterText(this.contentType, 'charset')?.text ?? null;
  }

  /** Without angle brackets; null without one. */
  get contentId(): string | null {
    const id = /<?([^<>\s\p{Cc}]{1,998})>?/u.exec(headerLine(this.headers.first('content-id') ?? '', null))?.[1];
    return id ?? null;
  }

  /** A multipart in which no part was found is a text that nobody may lose. */
  degradeToText(): void {
    this.#type = 'text/plain';
  }

  /** The bytes as they stand in the message. */
  get body(): Buffer {
    return this.source.subarray(this.bodyStart, Math.max(this.bodyStart, this.bodyEnd));
  }

  /** The bytes that were encoded for transport. Shares memory with the source where nothing had to be decoded. */
  decodedBody(): Buffer {
    return decodeTransfer(this.body, this.encoding);
  }

  /** This part and all below it, in the order of the message. */
  *walk(): Generator<MimePart> {
    const pending: MimePart[] = [this];
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      yield part;
      for (let index = part.children.length - 1; index >= 0; index--) pending.push(part.children[index]!);
    }
  }
}

function typeOf(value: string, parent: MimePart | null): string {
  if (/^[\w.+!#$&^-]{1,127}\/[\w.+!#$&^-]{1,127}$/.test(value)) return value;
  if (parent?.contentType.value === 'multipart/digest' && value === '') return 'message/rfc822';
  // `Content-Type: text` and other halves (RFC 1049 had such values) read as text, as RFC 2045 5.2 advises.
  return 'text/plain';
}
