/** Nobody waits longer than this at once: whoever says a year has not meant it, and who means it says so again. */
const LONGEST_MS = 24 * 60 * 60 * 1_000;

/** Retry-After in ms: seconds or a date (RFC 9110, 10.2.3), at most a day; null: none, or neither. */
export function retryAfter(value: string | null, now = Date.now()): number | null {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(LONGEST_MS, Number(text) * 1_000);
  // Dates without a letter in them are none of HTTP's, though Date.parse takes "-5" for one.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.min(LONGEST_MS, Math.max(0, date - now));
}
