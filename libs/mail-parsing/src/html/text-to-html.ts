const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Plain text as HTML that shows it letter by letter and line by line. */
export function textToHtml(text: string): string {
  return `<div>${escapeHtml(text).replaceAll('\n', '<br>\n')}</div>`;
}

/** Text as HTML text or as the value of a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => references[letter]!);
}
