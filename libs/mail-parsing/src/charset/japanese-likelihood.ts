/**
 * How well bytes without a usable label read as Shift_JIS, EUC-JP or a Western code page.
 *
 * Each reading is priced by the characters it would produce: kana and everyday kanji are cheap, second-level kanji and
 * lone half-width kana dear, impossible bytes prohibitive. The cheapest reading per byte explained wins. One pass each.
 */
const HIRAGANA_OR_KATAKANA = 1;
const LEVEL_1_KANJI = 2;
const SIGN = 2;
/** Circled digits and units. */
const NEC_ROW_13 = 3;
const VENDOR_EXTENSION = 5;
const LEVEL_2_KANJI = 7;
const UNASSIGNED = 14;
const HALF_WIDTH_KANA = 2;
const LONE_HALF_WIDTH_KANA = 7;
const ACCENTED_LETTER = 2;
const APOSTROPHE = 1;
const WESTERN_SIGN = 6;
const RARE_SIGN = 8;
const IMPOSSIBLE = 60;
/** A last character of which only the first half is there. */
const DANGLING = 20;

/** What a price as windows-1252 is worth under a label that says so. */
const WESTERN_LABEL = 0.25;

export type Reading = 'shift_jis' | 'euc-jp' | 'windows-1252';

/**
 * The likeliest reading of bytes that are neither UTF-8 nor 7-bit. Looks at the first 16 KB.
 *
 * @param western the label says Latin-1, as Western mailers say it with reason and Japanese ones by default
 */
export function likeliestReading(bytes: Uint8Array, western = false): Reading {
  const sample = bytes.subarray(0, 16_384);
  const prices: [Reading, number][] = [
    // Of equal prices the first counts: two half-width kana of EUC are two everyday kanji of Shift_JIS.
    ['euc-jp', priceAsEucJp(sample)],
    ['shift_jis', priceAsShiftJis(sample)],
    ['windows-1252', priceAsWindows1252(sample) * (western ? WESTERN_LABEL : 1)],
  ];
  return prices.reduce((best, candidate) => (candidate[1] < best[1] ? candidate : best))[0];
}

/** Price of the bytes read as windows-31j. */
export function priceAsShiftJis(bytes: Uint8Array): number {
  let price = 0;
  let kana = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    kana = isHalfWidthKana(byte) ? kana + 1 : 0;
    if (kana > 0) price += halfWidthKana(kana, bytes[at + 1]);
    else if (byte >= 0x80) {
      if (at + 1 === bytes.length) return price + DANGLING;
      price += shiftJisPair(byte, bytes[++at]!);
    }
  }
  return price;
}

function isHalfWidthKana(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0xa1 && byte <= 0xdf;
}

/** Half-width kana come in words; the longer the run, the surer. */
function halfWidthKana(position: number, next: number | undefined): number {
  if (position > 3) return HALF_WIDTH_KANA / 2;
  return position > 1 || isHalfWidthKana(next) ? HALF_WIDTH_KANA : LONE_HALF_WIDTH_KANA;
}

const shiftJisLeads = pricesByByte([
  [0x81, 0x81, SIGN],
  [0x82, 0x83, HIRAGANA_OR_KATAKANA],
  [0x84, 0x86, LEVEL_2_KANJI],
  [0x87, 0x87, NEC_ROW_13],
  [0x88, 0x98, LEVEL_1_KANJI],
  [0x99, 0x9f, LEVEL_2_KANJI],
  [0xe0, 0xea, LEVEL_2_KANJI],
  [0xed, 0xee, VENDOR_EXTENSION],
  [0xf0, 0xf9, UNASSIGNED],
  [0xfa, 0xfc, VENDOR_EXTENSION],
]);

function shiftJisPair(first: number, second: number): number {
  if (second < 0x40 || second === 0x7f || second > 0xfc) return IMPOSSIBLE;
  // IBM's last row ends early.
  return first === 0xfc && second > 0x4b ? IMPOSSIBLE : shiftJisLeads[first]!;
}

/** Price of the bytes read as EUC-JP with its vendors' extensions. */
export function priceAsEucJp(bytes: Uint8Array): number {
  let price = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x80) continue;
    const width = byte === 0x8f ? 3 : 2;
    if (at + width > bytes.length) return price + DANGLING;
    price += eucJpCharacter(byte, bytes[at + 1]!, width === 3 ? bytes[at + 2]! : 0xa1);
    at += width - 1;
  }
  return price;
}

const eucJpLeads = pricesByByte([
  [0x8e, 0x8e, HALF_WIDTH_KANA],
  [0x8f, 0x8f, LEVEL_2_KANJI],
  [0xa1, 0xa3, SIGN],
  [0xa4, 0xa5, HIRAGANA_OR_KATAKANA],
  [0xa6, 0xa8, LEVEL_2_KANJI],
  [0xad, 0xad, NEC_ROW_13],
  [0xb0, 0xcf, LEVEL_1_KANJI],
  [0xd0, 0xf4, LEVEL_2_KANJI],
  [0xf5, 0xf8, UNASSIGNED],
  [0xf9, 0xfc, LEVEL_2_KANJI],
  [0xfd, 0xfe, UNASSIGNED],
]);

function eucJpCharacter(first: number, second: number, third: number): number {
  if (second < 0xa1 || second === 0xff || third < 0xa1 || third === 0xff) return IMPOSSIBLE;
  if (first === 0x8e && second > 0xdf) return IMPOSSIBLE;
  return eucJpLeads[first]!;
}

/** Price of the bytes read as windows-1252: accented letters among ASCII letters are what it is good at. */
function priceAsWindows1252(bytes: Uint8Array): number {
  let price = 0;
  let run = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    run = byte < 0x80 ? 0 : run + 1;
    if (run === 0) continue;
    price += isApostrophe(bytes, at) ? APOSTROPHE : western[byte]!;
    // Two accented letters side by side occur (ção, üß), three do not.
    if (run > 1) price += run === 2 ? ACCENTED_LETTER : run * 4;
  }
  return price;
}

const western = pricesByByte([
  [0x80, 0xbf, WESTERN_SIGN],
  [0x80, 0x80, RARE_SIGN],
  [0x82, 0x84, RARE_SIGN],
  [0x86, 0x90, RARE_SIGN],
  [0x98, 0x9f, RARE_SIGN],
  [0xc0, 0xff, ACCENTED_LETTER],
  // Not assigned in windows-1252.
  [0x81, 0x81, IMPOSSIBLE],
  [0x8d, 0x8d, IMPOSSIBLE],
  [0x8f, 0x90, IMPOSSIBLE],
  [0x9d, 0x9d, IMPOSSIBLE],
]);

/** The typographic apostrophe of "it’s". */
function isApostrophe(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x92 && isAsciiLetter(bytes[at - 1]) && isAsciiLetter(bytes[at + 1]);
}

function isAsciiLetter(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x7a;
}

/** Prices of lead bytes by ranges, both ends included; what no range names is impossible. */
function pricesByByte(ranges: readonly (readonly [from: number, to: number, price: number])[]): Uint8Array {
  const prices = new Uint8Array(256).fill(IMPOSSIBLE);
  for (const [from, to, price] of ranges) prices.fill(price, from, to + 1);
  return prices;
}
