import { TextDecoder } from 'node:util';
import { type CharacterSet, escapeSequenceAt } from './escape-sequences.js';

const LF = 0x0a;
const CR = 0x0d;
const SO = 0x0e;
const SI = 0x0f;
const ESC = 0x1b;

type Family = 'euc-jp' | 'gbk' | 'euc-kr';
const families: Readonly<Record<CharacterSet, Family>> = {
  ascii: 'euc-jp',
  kana: 'euc-jp',
  'jis-x-0208': 'euc-jp',
  'jis-x-0212': 'euc-jp',
  'jis-x-0213-plane-2': 'euc-jp',
  gb2312: 'gbk',
  'ks-x-1001': 'euc-kr',
};

/**
 * Text in ISO-2022-JP (RFC 1468, 1554), -KR (RFC 1557) or -CN (RFC 1922) as mailers write it: with NEC and IBM
 * extensions, half-width kana by ESC ( I, by SO or as raw 8-bit bytes, and without the ESC ( B at the end of a line.
 * `TextDecoder('iso-2022-jp')` gives replacement characters for all of the latter.
 *
 * Every set has the same 94×94 table in 8-bit form, so the bytes are rewritten into EUC and decoded there. Linear.
 */
export function decodeIso2022(bytes: Uint8Array): string {
  return new Iso2022Reader(bytes).read();
}

class Iso2022Reader {
  readonly #bytes: Uint8Array;
  readonly #out: Uint8Array;
  #length = 0;
  #family: Family = 'euc-jp';
  #text = '';
  #set: CharacterSet = 'ascii';
  #shiftedSet: CharacterSet = 'kana';
  #shifted = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    // Nothing grows to more than three bytes for two (JIS X 0212) or two for one (kana).
    this.#out = new Uint8Array(bytes.length * 2 + 3);
  }

  read(): string {
    let at = 0;
    while (at < this.#bytes.length) at += this.#step(at);
    this.#flush();
    return this.#text;
  }

  /** Reads what is at `at` and says how many bytes it took. */
  #step(at: number): number {
    const byte = this.#bytes[at]!;
    if (byte === ESC) return this.#escape(at);
    if (byte === SO || byte === SI) {
      this.#shifted = byte === SO;
      return 1;
    }
    if (byte === LF && this.#current() !== 'ascii') this.#lineEnd(at);
    const set = this.#current();
    if (byte <= 0x20 || byte >= 0x7f || set === 'ascii') return this.#single(byte);
    if (set === 'kana') return this.#kana(byte | 0x80);
    return this.#pair(set, byte, this.#bytes[at + 1]);
  }

  #current(): CharacterSet {
    return this.#shifted ? this.#shiftedSet : this.#set;
  }

  #escape(at: number): number {
    const sequence = escapeSequenceAt(this.#bytes, at);
    if (sequence === null) return 1;
    this.#set = sequence.set ?? this.#set;
    this.#shiftedSet = sequence.shifted ?? this.#shiftedSet;
    return sequence.length;
  }

  /**
   * RFC 1468: a line ends in ASCII. Mailers that forget the ESC ( B mean it all the same; only a next line that reads as
   * kana and kanji throughout was written by one that keeps its state over the line end.
   */
  #lineEnd(at: number): void {
    this.#shifted = false;
    if (!continuesInJapanese(this.#bytes, at + 1)) this.#set = 'ascii';
  }

  #single(byte: number): number {
    if (byte >= 0xa1 && byte <= 0xdf) return this.#kana(byte);
    this.#enter('euc-jp');
    this.#out[this.#length++] = byte >= 0x80 ? 0xff : byte;
    return 1;
  }

  #kana(byte: number): number {
    this.#enter('euc-jp');
    this.#out[this.#length++] = 0x8e;
    this.#out[this.#length++] = byte;
    return 1;
  }

  #pair(set: CharacterSet, first: number, second: number | undefined): number {
    this.#enter(families[set]);
    if (second === undefined || second <= 0x20 || second >= 0x7f) {
      this.#out[this.#length++] = 0xff;
      return 1;
    }
    if (set === 'jis-x-0212') this.#out[this.#length++] = 0x8f;
    // No decoder at hand has plane 2 of JIS X 0213: the geta mark (〓) stands for a letter that cannot be shown.
    const geta = set === 'jis-x-0213-plane-2';
    this.#out[this.#length++] = geta ? 0xa2 : first | 0x80;
    this.#out[this.#length++] = geta ? 0xae : second | 0x80;
    return 2;
  }

  #enter(family: Family): void {
    if (family === this.#family) return;
    this.#flush();
    this.#family = family;
  }

  #flush(): void {
    if (this.#length === 0) return;
    this.#text += decoders[this.#family].decode(this.#out.subarray(0, this.#length));
    this.#length = 0;
  }
}

const decoders: Readonly<Record<Family, TextDecoder>> = {
  'euc-jp': new TextDecoder('euc-jp'),
  gbk: new TextDecoder('gbk'),
  'euc-kr': new TextDecoder('euc-kr'),
};

/** Whether the line beginning at `from` can only be two-byte text: pairs throughout, most of them kana or signs. */
function continuesInJapanese(bytes: Uint8Array, from: number): boolean {
  let common = 0;
  let pairs = 0;
  for (let at = from; !endsJapanese(bytes[at]); at += 2) {
    if (!isPair(bytes[at]!, bytes[at + 1])) return false;
    pairs++;
    if (isCommonRow(bytes[at]!)) common++;
  }
  return pairs > 0 && common * 2 > pairs;
}

function endsJapanese(byte: number | undefined): boolean {
  return byte === undefined || byte === LF || byte === CR || byte === ESC;
}

function isPair(first: number, second: number | undefined): boolean {
  return first >= 0x21 && first <= 0x74 && second !== undefined && second >= 0x21 && second <= 0x7e;
}

/** Rows 1, 4 and 5: punctuation, hiragana, katakana. */
function isCommonRow(first: number): boolean {
  return first === 0x21 || first === 0x24 || first === 0x25;
}
