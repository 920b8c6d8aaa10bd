/**
 * What the index knows of a text: single letters, and letters that stand side by side. Japanese has no word breaks, so
 * these are the smallest pieces that a search can go by.
 *
 * A gram is a number: one UTF-16 unit in the upper half and, of a pair, the other one in the lower. No two grams
 * share a number, because searchable text holds no U+0000.
 */
export type Gram = number;

/** Grams of a search that are looked up; a longer one is told by these, and then by comparing the text. */
const MOST_LOOKED_UP = 6;

/** The grams of a searchable text, each once; none goes over a space, as no searched word does. */
export function gramsOf(searchText: string): Set<Gram> {
  const grams = new Set<Gram>();
  let before = 0;
  for (let at = 0; at < searchText.length; at++) {
    const unit = searchText.charCodeAt(at);
    if (unit === 0x20) {
      before = 0;
      continue;
    }
    grams.add((unit << 16) >>> 0);
    if (before !== 0) grams.add(((before << 16) | unit) >>> 0);
    before = unit;
  }
  return grams;
}

/** Grams that every text has in which these words stand; spread over the words, so that few tell much. */
export function gramsToLookUp(words: readonly string[]): readonly Gram[] {
  const grams = [...new Set(words.flatMap((word) => [...(word.length === 1 ? gramsOf(word) : pairsOf(word))]))];
  if (grams.length <= MOST_LOOKED_UP) return grams;
  return Array.from({ length: MOST_LOOKED_UP }, (_, n) => grams[Math.floor((n * grams.length) / MOST_LOOKED_UP)]!);
}

const pairsOf = (word: string): Gram[] => [...gramsOf(word)].filter((gram) => (gram & 0xffff) !== 0);
