/** A character set that an ISO 2022 stream can switch to. */
export type CharacterSet =
  'ascii' | 'kana' | 'jis-x-0208' | 'jis-x-0212' | 'jis-x-0213-plane-2' | 'gb2312' | 'ks-x-1001';

export interface EscapeSequence {
  readonly length: number;
  /** What the following bytes are written in; absent: the sequence changes nothing we show. */
  readonly set?: CharacterSet;
  /** What the bytes after SO are written in. */
  readonly shifted?: CharacterSet;
}

/**
 * ESC and what follows it, without the ESC.
 *
 * JIS X 0201 Roman (`(J`) counts as ASCII: mailers end Japanese with it and go on with addresses that hold `\` and `~`,
 * which Roman would turn into a yen sign and an overline. JIS X 0213 plane 1 shares its common part with JIS X 0208.
 */
const sequences: ReadonlyMap<string, Omit<EscapeSequence, 'length'>> = new Map([
  ['(B', { set: 'ascii' }],
  ['(J', { set: 'ascii' }],
  ['(H', { set: 'ascii' }],
  ['(I', { set: 'kana' }],
  ['$@', { set: 'jis-x-0208' }],
  ['$B', { set: 'jis-x-0208' }],
  ['$A', { set: 'gb2312' }],
  ['$(@', { set: 'jis-x-0208' }],
  ['$(B', { set: 'jis-x-0208' }],
  ['$(O', { set: 'jis-x-0208' }],
  ['$(Q', { set: 'jis-x-0208' }],
  ['$(P', { set: 'jis-x-0213-plane-2' }],
  ['$(D', { set: 'jis-x-0212' }],
  ['$(A', { set: 'gb2312' }],
  ['$(C', { set: 'ks-x-1001' }],
  ['$)A', { shifted: 'gb2312' }],
  ['$)C', { shifted: 'ks-x-1001' }],
  // ESC & @ announces the 1990 edition of JIS X 0208; ESC . selects a Latin set for ESC N (RFC 1554).
  ['&@', {}],
  ['.A', {}],
  ['.F', {}],
  // NEC's own "kanji in" and "kanji out", from before the standard.
  ['K', { set: 'jis-x-0208' }],
  ['H', { set: 'ascii' }],
]);

/** The escape sequence whose ESC is at `at`, or null when it is none that we know. */
export function escapeSequenceAt(bytes: Uint8Array, at: number): EscapeSequence | null {
  let name = '';
  for (let length = 1; length <= 3; length++) {
    const byte = bytes[at + length];
    if (byte === undefined) return null;
    name += String.fromCharCode(byte);
    const found = sequences.get(name);
    if (found !== undefined) return { length: length + 1, ...found };
  }
  return null;
}

const ESC = 0x1b;

/**
 * Whether 7-bit Japanese begins somewhere in here: ESC followed by a designation of a Japanese set. A terminal's
 * colour sequences (ESC [) are none.
 */
export function hasJapaneseEscape(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(ESC); at !== -1; at = bytes.indexOf(ESC, at + 1)) {
    const second = bytes[at + 1];
    const third = bytes[at + 2];
    if (second === 0x24 && (third === 0x40 || third === 0x42 || third === 0x28)) return true;
    if (second === 0x28 && (third === 0x49 || third === 0x4a)) return true;
  }
  return false;
}
