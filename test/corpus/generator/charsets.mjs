// Encoders for the corpus. Tables come from the decoders of the platform turned around, so that they owe nothing to the
// code under test.

/** Two-byte table of an encoding: character to [lead, trail], the first assignment wins. */
function reversed(label, leads) {
  const decoder = new TextDecoder(label);
  const table = new Map();
  for (const lead of leads) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, [lead, trail]);
    }
  }
  return table;
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
// NEC row 13 and NEC selected IBM extensions (ED, EE) before IBM's own rows (FA–FC): JIS has room for the former only.
const sjisTable = reversed('shift_jis', [...range(0x81, 0x9f), ...range(0xe0, 0xee), ...range(0xfa, 0xfc)]);
const eucTable = reversed('euc-jp', range(0xa1, 0xfe));

const isHalfKana = (letter) => letter >= '｡' && letter <= 'ﾟ';
const halfKana = (letter) => letter.codePointAt(0) - 0xff61 + 0xa1;

/** windows-31j, as everybody writes it who says Shift_JIS. */
export function sjis(text) {
  const bytes = [];
  for (const letter of text) {
    if (letter < '\x80') bytes.push(letter.charCodeAt(0));
    else if (isHalfKana(letter)) bytes.push(halfKana(letter));
    else bytes.push(...(sjisTable.get(letter) ?? fail(letter, 'shift_jis')));
  }
  return Buffer.from(bytes);
}

/** EUC-JP with the vendors' extensions. */
export function euc(text) {
  const bytes = [];
  for (const letter of text) {
    if (letter < '\x80') bytes.push(letter.charCodeAt(0));
    else if (isHalfKana(letter)) bytes.push(0x8e, halfKana(letter));
    else bytes.push(...(eucTable.get(letter) ?? fail(letter, 'euc-jp')));
  }
  return Buffer.from(bytes);
}

/**
 * ISO-2022-JP (RFC 1468) with the vendors' rows. `kana` says how half-width kana are written, `close` whether a line
 * returns to ASCII.
 */
export function jis(text, { kana = 'escape', close = true, kanjiIn = '$B', asciiIn = '(B' } = {}) {
  const out = [];
  let set = asciiIn;
  const enter = (next) => {
    if (set !== next) out.push(0x1b, ...Buffer.from(next));
    set = next;
  };
  for (const letter of text) {
    if (letter === '\r' || letter === '\n') {
      if (close) enter(asciiIn);
      out.push(letter.charCodeAt(0));
      if (letter === '\n' && !close) set = asciiIn;
    } else if (letter < '\x80') {
      enter(asciiIn);
      out.push(letter.charCodeAt(0));
    } else if (isHalfKana(letter)) kanaBytes(letter, kana, enter, out);
    else {
      enter(kanjiIn);
      const [lead, trail] = eucTable.get(letter) ?? fail(letter, 'iso-2022-jp');
      out.push(lead & 0x7f, trail & 0x7f);
    }
  }
  if (close) enter(asciiIn);
  return Buffer.from(out);
}

function kanaBytes(letter, how, enter, out) {
  if (how === 'escape') {
    enter('(I');
    out.push(halfKana(letter) & 0x7f);
  } else if (how === 'raw') {
    enter('(B');
    out.push(halfKana(letter));
  } else {
    enter('(B');
    out.push(0x0e, halfKana(letter) & 0x7f, 0x0f);
  }
}

export const utf8 = (text) => Buffer.from(text, 'utf8');
export const latin1 = (text) => Buffer.from(text, 'latin1');

/** Any two-byte charset of the neighbours. */
export function by(label, leads = range(0x81, 0xfe)) {
  const table = reversed(label, leads);
  return (text) =>
    Buffer.from([...text].flatMap((l) => (l < '\x80' ? [l.charCodeAt(0)] : (table.get(l) ?? fail(l, label)))));
}

/** A single-byte charset. */
export function byByte(label) {
  const decoder = new TextDecoder(label);
  const table = new Map(range(0, 255).map((byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return (text) => Buffer.from([...text].map((letter) => table.get(letter) ?? fail(letter, label)));
}

export function utf16(text, { bigEndian = false, mark = true } = {}) {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

function fail(letter, label) {
  throw new Error(`${letter} cannot be written in ${label}`);
}
