/** Says to Excel that the text is UTF-8; without it Japanese comes out as another encoding's letters. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** One line of CSV (RFC 4180): every field quoted, CRLF at the end. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(quoted).join(',')}\r\n`;
}

/**
 * What begins like a formula is run as one by spreadsheets, quoted or not, and a mail server's name is anybody's to
 * choose (OWASP, "CSV Injection"). An apostrophe in front makes it text; so do full-width signs, which Excel in
 * Japanese takes like the others.
 */
function quoted(field: string): string {
  const safe = /^[\s\u3000]*[=+\-@\t\r＝＋－＠|%]/.test(field) ? `'${field}` : field;
  return `"${safe.replaceAll('"', '""')}"`;
}
