/** Mail in today's sense began with RFC 821, in August 1982. */
const EARLIEST = Date.UTC(1982, 7, 1);
const CLOCK_SKEW_MS = 24 * 60 * 60_000;

/**
 * Whether mail can have been received at that time (milliseconds; NaN is no time). Other dates come from clocks that
 * were never set and from files that were copied without theirs.
 */
export function isPlausibleDate(at: number, now: number = Date.now()): boolean {
  return at >= EARLIEST && at <= now + CLOCK_SKEW_MS;
}
