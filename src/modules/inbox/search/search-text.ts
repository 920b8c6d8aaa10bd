/** Hiragana U+3041–3096 lie 0x60 before their katakana. */
const HIRAGANA = /[\u3041-\u3096]/g;
const toKatakana = (kana: string): string => String.fromCharCode(kana.charCodeAt(0) + 0x60);

/** What nobody sees and nobody types: soft hyphens, zero widths, joiners, direction controls. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/**
 * Text as search compares it: 全角/半角, ひらがな/カタカナ, upper and lower case and the two wave dashes are equal.
 * NFKC (UAX 15) folds the widths, half-width kana included.
 */
export function searchTextOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replaceAll('\u301c', '~')
    .replaceAll('\uff5e', '~')
    .toLowerCase()
    .replace(HIRAGANA, toKatakana)
    .replace(/\s+/g, ' ')
    .trim();
}
