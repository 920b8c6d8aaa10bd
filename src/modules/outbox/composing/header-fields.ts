/** Headers longer than this are no mail's. */
const LONGEST_HEADER = 256 * 1024;

/**
 * The header fields of a message by their names in lower case, unfolded (RFC 5322, 2.2.3), the first of each name.
 * For fields in ASCII: other bytes come out as U+FFFD or worse.
 */
export function headerFields(source: Buffer): ReadonlyMap<string, string> {
  const text = source.subarray(0, LONGEST_HEADER).toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const lines = text.slice(0, end).replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/); // prettier-ignore
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name !== '' && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
