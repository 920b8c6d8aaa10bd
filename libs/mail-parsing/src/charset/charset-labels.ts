/**
 * What the charset labels of real mail mean.
 *
 * The WHATWG Encoding Standard knows most labels, but not the names that Japanese mailers, PHP (mbstring) and Java
 * write; those come first here. `TextDecoder` carries the tables.
 */
export type Codec =
  | { readonly kind: 'utf-8' }
  /** RFC 1468 and its relatives (1554, 1557, 2237), and the vendors' variants of it: read by our own decoder. */
  | { readonly kind: 'iso-2022' }
  /** RFC 1843. */
  | { readonly kind: 'hz' }
  /**
   * US-ASCII, Latin-1 and labels that say nothing: written by default, so not to be believed. `western`: Latin-1 was
   * named, which is at least a hint.
   */
  | { readonly kind: 'weak'; readonly western: boolean }
  | { readonly kind: 'web'; readonly label: string }
  /** Not in the Encoding Standard: DOS code pages, UTF-7, UTF-32. */
  | { readonly kind: 'iconv'; readonly label: string };

const aliases: Readonly<Record<string, string>> = {
  // iso-2022-jp: cp5022x are Microsoft's names for its variants with half-width kana, -ms the one of mbstring.
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  cp50222: 'iso-2022-jp',
  csiso2022jp2: 'iso-2022-jp',
  jis: 'iso-2022-jp',
  'x-jis': 'iso-2022-jp',
  jis7: 'iso-2022-jp',
  jis8: 'iso-2022-jp',
  'iso-2022jp': 'iso-2022-jp',
  iso2022jp: 'iso-2022-jp',
  'iso2022-jp': 'iso-2022-jp',
  'windows-50220': 'iso-2022-jp',
  'windows-50221': 'iso-2022-jp',
  // shift_jis: everybody means windows-31j, whatever the name.
  cp932: 'shift_jis',
  cp943: 'shift_jis',
  cp943c: 'shift_jis',
  'sjis-win': 'shift_jis',
  'sjis-mac': 'shift_jis',
  'sjis-open': 'shift_jis',
  shiftjis: 'shift_jis',
  's-jis': 'shift_jis',
  'shift-jis-2004': 'shift_jis',
  'shift_jis-2004': 'shift_jis',
  shift_jisx0213: 'shift_jis',
  mskanji: 'shift_jis',
  windows932: 'shift_jis',
  'windows-932': 'shift_jis',
  'x-windows-31j': 'shift_jis',
  'x-ms-cp932': 'shift_jis',
  'x-mac-japanese': 'shift_jis',
  macjapanese: 'shift_jis',
  'x-shift-jis': 'shift_jis',
  'x-shift_jis': 'shift_jis',
  'x-shiftjis': 'shift_jis',
  // euc-jp
  'eucjp-win': 'euc-jp',
  'eucjp-ms': 'euc-jp',
  'euc-jp-ms': 'euc-jp',
  cp51932: 'euc-jp',
  'windows-51932': 'euc-jp',
  eucjp: 'euc-jp',
  ujis: 'euc-jp',
  eucjis: 'euc-jp',
  'euc-jis-2004': 'euc-jp',
  'euc-jisx0213': 'euc-jp',
  'x-eucjp': 'euc-jp',
  'x-euc': 'euc-jp',
  euc: 'euc-jp',
  // neighbours
  ms936: 'gbk',
  cp936: 'gbk',
  cp54936: 'gb18030',
  ms949: 'euc-kr',
  cp949: 'euc-kr',
  uhc: 'euc-kr',
  ms950: 'big5',
  cp950: 'big5',
  utf8mb4: 'utf-8',
  'utf-8n': 'utf-8',
  'x-utf-8': 'utf-8',
  cp65001: 'utf-8',
  utf_8: 'utf-8',
};

const weak = new Set([
  '',
  'us-ascii',
  'ascii',
  'usascii',
  'us_ascii',
  'ansi_x3.4-1968',
  'iso646-us',
  'x-ansi',
  'ansi',
  '8bit',
  'unknown',
  'unknown-8bit',
  'x-unknown',
  'x-user-defined',
  'x-gsm-7bit',
  'default',
  'default_charset',
  'none',
  'binary',
]);
const latin = new Set(['iso-8859-1', 'iso8859-1', 'iso_8859-1', 'latin1', 'windows-1252', 'cp1252']);
const iconvLabels = /^(?:cp|ibm-?|dos-?)\d{3,5}$|^utf-?7(?:-imap)?$|^utf-?32(?:[bl]e)?$|^(?:unicode-1-1-)?utf-7$/;
const known = new Map<string, Codec>();

/** What to read text with that carries this label; labels nobody knows count as weak. */
export function codecFor(label: string | null): Codec {
  const name = (label ?? '').toLowerCase().replace(/[^\w.:-]/g, '');
  const seen = known.get(name);
  if (seen !== undefined) return seen;
  const codec = lookUp(name.replace(/^cs(?=shiftjis|eucpkdfmtjapanese$)/, ''));
  // Labels come from outside, so the memory for them is bounded.
  if (known.size < 500) known.set(name, codec);
  return codec;
}

function lookUp(name: string): Codec {
  if (weak.has(name)) return { kind: 'weak', western: false };
  if (latin.has(name)) return { kind: 'weak', western: true };
  if (/^(?:x-|cs)?iso-?2022-?(?:jp|kr|cn)/.test(name)) return { kind: 'iso-2022' };
  if (/^hz(?:-gb-?2312)?$/.test(name)) return { kind: 'hz' };
  const target = aliases[name] ?? name;
  if (target === 'iso-2022-jp') return { kind: 'iso-2022' };
  const label = webLabel(target);
  if (label !== null) return label === 'utf-8' ? { kind: 'utf-8' } : { kind: 'web', label };
  return iconvLabels.test(name)
    ? { kind: 'iconv', label: name.replace(/^unicode-1-1-/, '') }
    : { kind: 'weak', western: false };
}

function webLabel(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    // RangeError is how the Encoding Standard says "no such label"; the caller has its own answer to that.
    return null;
  }
}
