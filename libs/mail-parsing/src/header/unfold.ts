import { decodeText } from '../charset/decode-text.js';

/** A raw header value on one line without NUL, still as Latin-1 characters for its bytes (RFC 5322, 2.2.3). */
export function unfold(raw: string): string {
  return raw.includes('\0') ? unfolded(raw.replaceAll('\0', '')) : unfolded(raw);
}

function unfolded(raw: string): string {
  return raw.includes('\n')
    ? raw
        .replaceAll('\r', '')
        .replace(/\n[ \t]*/g, ' ')
        .trim()
    : raw.trim();
}

// eslint can tell a control character from a mistake no better than a reader can, hence the code.
const needsDecoding = new RegExp(`[${String.fromCharCode(0x1b)}\\u0080-\\u00ff]`);

/**
 * A raw header value as text on one line, before its encoded words are decoded. Raw 8-bit bytes (RFC 6532, or a mailer
 * that does not care) and JIS escapes become letters here, so that whatever looks for quotes, commas and brackets
 * afterwards finds real ones and not the second byte of a kana.
 *
 * @param label the charset that the message declares for its body: mailers that put raw bytes into headers use that one
 */
export function headerLine(raw: string, label: string | null): string {
  if (!needsDecoding.test(raw)) return unfold(raw);
  // Decoded line by line end, not unfolded: a fold tells the JIS decoder where ASCII begins again.
  return unfold(decodeText(Buffer.from(raw, 'latin1'), label));
}
