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

/** Embedding, override and isolate controls (UAX 9): one that is not closed turns what is shown behind it, too. */
const DIRECTION_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text fit for one line of a list: control characters become spaces, white space is folded, surrogates are paired, and
 * no character turns the direction of others. Marks stay (U+200E, U+200F): they change nothing but their own place.
 */
export function displayLine(text: string): string {
  return text
    .toWellFormed()
    .replace(DIRECTION_CONTROLS, '')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
