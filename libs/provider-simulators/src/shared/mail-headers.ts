const END_OF_HEAD = /\r?\n\r?\n/;

/** The header block of a mail and what follows, bytes kept (one character is one byte). */
export function splitMail(raw: Buffer): { readonly head: string; readonly rest: string } {
  const text = raw.toString('latin1');
  const end = END_OF_HEAD.exec(text);
  return end === null ? { head: text, rest: '' } : { head: text.slice(0, end.index), rest: text.slice(end.index) };
}

/** Header fields with their values unfolded, in order (RFC 5322, 2.2.3). */
export function headersOf(raw: Buffer): { readonly name: string; readonly value: string }[] {
  return splitMail(raw)
    .head.replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }];
    });
}

/** The first field of this name; null: there is none. */
export function headerOf(raw: Buffer, name: string): string | null {
  return headersOf(raw).find((header) => header.name.toLowerCase() === name.toLowerCase())?.value ?? null;
}

/** Takes fields of this name out, and puts this one in where a value is given. */
export function withHeader(raw: Buffer, name: string, value: string | null): Buffer {
  const { head, rest } = splitMail(raw);
  const others = head
    .split(/\r?\n(?![ \t])/)
    .filter((line) => !line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  const lines = value === null ? others : [`${name}: ${value}`, ...others];
  return Buffer.from(lines.join('\r\n') + rest, 'latin1');
}

/** Bare addresses in an address field, lower case. Good for what tests write; display names with commas are theirs to avoid. */
export function addressesIn(value: string | null): string[] {
  return (value ?? '')
    .split(',')
    .flatMap((entry) => /<([^>]+)>/.exec(entry)?.[1] ?? (entry.trim() || []))
    .map((one) => one.toLowerCase());
}
