export interface MailFacts {
  readonly internetMessageId: string;
  readonly subject: string;
  readonly sender: { readonly name: string; readonly address: string };
}

/** The little that listings show of a mail, read from its header. */
export function mailFacts(source: Buffer, fallbackId: string): MailFacts {
  const header = headerOf(source);
  const [, name = '', address = ''] = /^from:\s*(?:"?([^"<]*?)"?\s*<([^>]*)>|.*)$/im.exec(header) ?? [];
  return {
    sender: { name, address },
    internetMessageId: /^message-id:\s*(.+)$/im.exec(header)?.[1]?.trim() ?? `<${fallbackId}@simulator.example>`,
    subject: /^subject:\s*(.+)$/im.exec(header)?.[1]?.trim() ?? '',
  };
}

/** The header with its folded lines unfolded (RFC 5322, 2.2.3), byte for character. */
function headerOf(source: Buffer): string {
  const end = source.indexOf('\r\n\r\n');
  const bytes = end < 0 ? source : source.subarray(0, end);
  return bytes.toString('latin1').replace(/\r\n(?=[ \t])/g, '');
}
