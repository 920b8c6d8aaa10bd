/** The header by which a mail is found again among what a provider has sent; names are compared without case. */
export const MAIL_ID_HEADER = 'x-hrbc-mail-id';

/** Clocks differ, and providers stamp mail before they answer. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

interface Header {
  readonly name?: unknown;
  readonly value?: unknown;
}

/** A field's value; null: there is none. */
export function headerIn(headers: unknown, wanted: string): string | null {
  if (!Array.isArray(headers)) return null;
  const found = (headers as readonly Header[]).find(({ name }) => String(name).toLowerCase() === wanted.toLowerCase());
  return typeof found?.value === 'string' ? found.value.trim() : null;
}
