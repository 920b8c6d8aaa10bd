import { decodeEncodedWords } from './encoded-words.js';
import { cutText } from './cut-text.js';
import { displayLine } from './header-text.js';
import { headerLine } from './unfold.js';
import { tokenizeAddresses, type AddressToken } from './address-tokens.js';

/** A mailbox as named in From, To, Cc (RFC 5322, 3.4). */
export interface Address {
  /** Display name, decoded, at most 200 characters; null when there is none. */
  readonly name: string | null;
  /**
   * Without quotes and angle brackets; not checked against the grammar, because carriers gave out `a..b@` and `.a@`
   * addresses that it forbids. Empty when the entry is a name only.
   */
  readonly address: string;
}

/** How the text of a header is to be read. */
export interface HeaderReading {
  /** Charset that the body declares, for raw bytes. */
  readonly label: string | null;
  /** Encoded words decoded per header. */
  readonly encodedWords: number;
}

/**
 * The mailboxes of an address header, groups dissolved into their members. Linear; never throws.
 *
 * @param max mailboxes given at most
 */
export function parseAddresses(raw: string | null, reading: HeaderReading, max: number): Address[] {
  if (raw === null) return [];
  const found: Address[] = [];
  let entry = new Entry(reading);
  for (const token of tokenizeAddresses(headerLine(raw, reading.label))) {
    if (token.kind === 'separator') {
      // "Last, First <a@b>" without quotes: a name without an address before a comma belongs to the next entry.
      if (entry.isOnlyName && token.text === ',') entry.add({ kind: 'text', text: ',' });
      else entry = finish(entry, found, reading);
    } else if (token.kind === 'group') entry = new Entry(reading);
    else entry.add(token);
    if (found.length >= max) return found;
  }
  if (found.length < max) finish(entry, found, reading);
  return found;
}

function finish(entry: Entry, found: Address[], reading: HeaderReading): Entry {
  const address = entry.toAddress();
  if (address !== null) found.push(address);
  return new Entry(reading);
}

/** One mailbox in the making. */
class Entry {
  readonly #reading: HeaderReading;
  #words: AddressToken[] = [];
  #angle: string | null = null;
  #comment = '';
  #hasAt = false;

  constructor(reading: HeaderReading) {
    this.#reading = reading;
  }

  get isOnlyName(): boolean {
    return this.#angle === null && this.#words.length > 0 && !this.#hasAt;
  }

  add(token: AddressToken): void {
    if (token.kind === 'angle') this.#angle ??= token.text;
    else if (token.kind === 'comment') this.#comment += token.text;
    else {
      this.#words.push(token);
      this.#hasAt ||= token.text.includes('@');
    }
  }

  toAddress(): Address | null {
    if (this.#angle !== null) return this.#named(this.#words, this.#angle);
    if (this.#words.length === 0) return null;
    return this.#bare();
  }

  /** `user@host`, `user@host (Name)`, `Name user@host`, or a whole mailbox that was encoded or quoted as one. */
  #bare(): Address | null {
    const text = withoutCommas(this.#text(this.#words));
    const inner = /^([^<>]*)<([^<>\s]{1,320}@[^<>\s]{1,320})>$/.exec(text);
    if (inner !== null) return { name: nameOrNull(inner[1]!), address: inner[2]! };
    const at = this.#words.findLastIndex((word) => word.text.includes('@'));
    if (at !== -1 && !this.#words[at]!.text.startsWith('=?')) {
      const [from, address] = this.#joinLocalPart(at);
      return this.#named([...this.#words.slice(0, from), ...this.#words.slice(at + 1)], address);
    }
    if (/^[^\s<>@]+@[^\s<>@]+$/.test(text)) return { name: null, address: text };
    return text === '' ? null : { name: text, address: '' };
  }

  /** A quoted local part is a token of its own: `"a..b"` `@docomo.ne.jp`. Gives the first token and the address. */
  #joinLocalPart(at: number): [number, string] {
    const word = this.#words[at]!;
    const before = this.#words[at - 1];
    if (word.text.startsWith('@') && before?.kind === 'quoted') return [at - 1, before.text + word.text];
    return [at, word.text];
  }

  #named(words: readonly AddressToken[], address: string): Address {
    const name = words.length > 0 ? this.#text(words) : this.#decoded(this.#comment);
    return { name: nameOrNull(name), address: cleanAddress(address) };
  }

  #text(words: readonly AddressToken[]): string {
    return this.#decoded(words.map((word) => word.text).join(' ')).replace(/ ,/g, ',');
  }

  #decoded(text: string): string {
    return displayLine(decodeEncodedWords(text, this.#reading.encodedWords));
  }
}

/** Without the commas that an empty entry left at either end. */
function withoutCommas(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && ', '.includes(text[from]!)) from++;
  while (from < to && ', '.includes(text[to - 1]!)) to--;
  return text.slice(from, to);
}

function nameOrNull(name: string): string | null {
  const clean = displayLine(name)
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim();
  return clean === '' ? null : cutText(clean, NAME_LENGTH);
}

const NAME_LENGTH = 200;
/** RFC 5321, 4.5.3.1: 64 octets, an `@`, and 255. */
const ADDRESS_LENGTH = 320;

/** Characters that nobody sees in an address: with them, two that look alike are two. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff]/g;

/** Without a source route (`@a,@b:user@host`), white space, `mailto:` and the quotes around an odd local part. */
function cleanAddress(text: string): string {
  const route = text.startsWith('@') ? text.lastIndexOf(':') : -1;
  const bare = displayLine(text.slice(route + 1))
    .replaceAll(' ', '')
    .replace(INVISIBLE, '')
    .replace(/^mailto:/i, '');
  return cutText(bare.replace(/^"([^"]*)"@/, '$1@').replace(/^'(.*)'$/, '$1'), ADDRESS_LENGTH);
}
