import { decodeEncodedWords } from './encoded-words.js';
import { headerLine } from './unfold.js';

/**
 * An unstructured header (Subject, Content-Description) as a person reads it: one line, no control characters.
 *
 * @param label charset that the body declares, for raw bytes
 * @param limit encoded words decoded
 */
export function headerText(raw: string | null, label: string | null, limit: number): string {
  return raw === null ? '' : displayLine(decodeEncodedWords(headerLine(raw, label), limit));
}

/** Text fit for one line of a list: control characters become spaces, white space is folded, surrogates are paired. */
export function displayLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
