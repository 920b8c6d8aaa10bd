/** RFC 5322, 3.6.4, as mail programs really make them: no blanks, no angle brackets, one `@` somewhere inside. */
const MESSAGE_ID = /<[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+>/;
const LONGEST = 900;

/** Whether it is one Message-ID, with its angle brackets, that fits a header line. */
export function isMessageId(text: string): boolean {
  return text.length <= LONGEST && new RegExp(`^${MESSAGE_ID.source}$`).test(text);
}

/** The Message-IDs in a References or In-Reply-To field, in their order; what is none is left out. */
export function messageIdsIn(field: string): string[] {
  return [...field.matchAll(new RegExp(MESSAGE_ID, 'g'))].map(([id]) => id).filter((id) => id.length <= LONGEST);
}
