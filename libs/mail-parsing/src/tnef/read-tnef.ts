import { decodeText } from '../charset/decode-text.js';
import { MailUnreadable } from '../mail-unreadable.error.js';
import { mediaTypeOf } from '../message/media-types.js';
import { type MapiProperty, OBJECT, PropertyId, readMapiProperties, UNICODE } from './mapi-properties.js';
import { TnefReader } from './tnef-reader.js';

export interface TnefAttachment {
  readonly name: string | null;
  readonly type: string;
  readonly contentId: string | null;
  /** In the memory of the TNEF stream. */
  readonly bytes: Buffer;
}

/** What Outlook puts into a winmail.dat. */
export interface TnefContent {
  readonly attachments: readonly TnefAttachment[];
  /** The body, for the mails in which nothing else carries it; lines end in LF. */
  readonly text: string | null;
  readonly html: string | null;
}

export interface TnefLimits {
  /** Messages inside messages that are opened; deeper ones are given as they are. */
  readonly depth: number;
  readonly attachments: number;
}

const SIGNATURE = 0x223e9f78;
const Attribute = {
  body: 0x0002800c,
  attachTitle: 0x00018010,
  attachData: 0x0006800f,
  attachRendering: 0x00069002,
  mapiProperties: 0x00069003,
  attachment: 0x00069005,
  oemCodePage: 0x00069007,
} as const;

/** IID_IMessage: the object is a message of its own, again in TNEF. */
const MESSAGE_INTERFACE = Buffer.from('0703020000000000c000000000000046', 'hex');

/**
 * Opens a winmail.dat (MS-OXTNEF); null when the bytes are none. Bounded: every length is checked against what is left,
 * nothing is copied, and nothing in the format inflates. Messages inside give their attachments, and their text as one.
 *
 * @throws MailUnreadable too-many-parts
 */
export function readTnef(bytes: Buffer, limits: TnefLimits): TnefContent | null {
  const reader = new TnefReader(bytes);
  if (reader.u32() !== SIGNATURE) return null;
  reader.u16();
  const content = new ContentBuilder(limits);
  while (reader.left > 0 && !reader.ended) {
    reader.u8();
    const id = reader.u32();
    const data = reader.take(reader.u32());
    reader.take(Math.min(2, reader.left));
    if (!reader.ended) content.add(id, data);
  }
  return content.finish();
}

class ContentBuilder {
  readonly #limits: TnefLimits;
  readonly #attachments: TnefAttachment[] = [];
  #codePage = 'cp932';
  #message = new Map<number, MapiProperty>();
  #body: Buffer | null = null;
  #current: { title: Buffer | null; data: Buffer | null; properties: Map<number, MapiProperty> } | null = null;

  constructor(limits: TnefLimits) {
    this.#limits = limits;
  }

  add(id: number, data: Buffer): void {
    switch (id) {
      case Attribute.oemCodePage:
        this.#codePage = `cp${String(data.length >= 4 ? data.readUInt32LE() : 932)}`;
        break;
      case Attribute.body:
        this.#body = data;
        break;
      case Attribute.mapiProperties:
        this.#message = readMapiProperties(new TnefReader(data));
        break;
      case Attribute.attachRendering:
        this.#endAttachment();
        this.#current = { title: null, data: null, properties: new Map() };
        break;
      default:
        this.#addToAttachment(id, data);
    }
  }

  finish(): TnefContent {
    this.#endAttachment();
    const html = this.#message.get(PropertyId.html);
    const text =
      this.#string(this.#message, PropertyId.body) ?? (this.#body === null ? null : this.#decode(this.#body));
    return {
      attachments: this.#attachments,
      text: text?.replace(/\r\n?/g, '\n') ?? null,
      html: html === undefined ? null : decodeText(html.value, this.#internetCodePage()),
    };
  }

  #addToAttachment(id: number, data: Buffer): void {
    if (this.#current === null) return;
    if (id === Attribute.attachTitle) this.#current.title = data;
    else if (id === Attribute.attachData) this.#current.data = data;
    else if (id === Attribute.attachment) this.#current.properties = readMapiProperties(new TnefReader(data));
  }

  #endAttachment(): void {
    if (this.#current === null) return;
    const { title, data, properties } = this.#current;
    this.#current = null;
    const name =
      this.#string(properties, PropertyId.attachLongFileName) ??
      this.#string(properties, PropertyId.attachFileName) ??
      (title === null ? null : this.#decode(title)) ??
      this.#string(properties, PropertyId.displayName);
    const object = properties.get(PropertyId.attachData);
    if (object?.type === OBJECT && object.value.subarray(0, 16).equals(MESSAGE_INTERFACE)) {
      this.#addMessage(name, object.value.subarray(16));
    } else this.#attach(name, data ?? object?.value ?? Buffer.alloc(0), properties);
  }

  #attach(name: string | null, bytes: Buffer, properties: Map<number, MapiProperty>): void {
    const type = this.#string(properties, PropertyId.attachMimeTag)?.toLowerCase() ?? '';
    this.#push({
      name,
      type: /^[\w.+-]{1,60}\/[\w.+-]{1,100}$/.test(type) ? type : mediaTypeOf(name),
      contentId: this.#string(properties, PropertyId.attachContentId)?.replace(/^<|>$/g, '') ?? null,
      bytes,
    });
  }

  #addMessage(name: string | null, bytes: Buffer): void {
    const { depth } = this.#limits;
    const inner = depth > 0 ? readTnef(bytes, { ...this.#limits, depth: depth - 1 }) : null;
    if (inner === null) {
      this.#attach(name, bytes, new Map());
      return;
    }
    const [body, extension] = inner.html === null ? [inner.text, 'txt'] : [inner.html, 'html'];
    const fileName = `${name ?? 'message'}.${extension}`;
    if (body !== null) {
      this.#push({ name: fileName, type: mediaTypeOf(fileName), contentId: null, bytes: Buffer.from(body, 'utf8') });
    }
    for (const attachment of inner.attachments) this.#push(attachment);
  }

  #push(attachment: TnefAttachment): void {
    if (this.#attachments.length >= this.#limits.attachments) throw new MailUnreadable('too-many-parts');
    this.#attachments.push(attachment);
  }

  #string(properties: Map<number, MapiProperty>, id: number): string | null {
    const property = properties.get(id);
    if (property === undefined) return null;
    const text = property.type === UNICODE ? decodeText(property.value, 'utf-16le') : this.#decode(property.value);
    return text.trim() === '' ? null : text;
  }

  #decode(bytes: Buffer): string {
    const end = bytes.indexOf(0);
    return decodeText(end === -1 ? bytes : bytes.subarray(0, end), this.#codePage);
  }

  #internetCodePage(): string {
    const property = this.#message.get(PropertyId.internetCodePage);
    const code = property !== undefined && property.value.length >= 4 ? property.value.readUInt32LE() : 65001;
    return `cp${String(code)}`;
  }
}
