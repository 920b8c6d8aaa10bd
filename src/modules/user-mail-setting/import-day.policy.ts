/** Japan has had one offset and no summer time since 1952. */
const JAPAN_OFFSET_MS = 9 * 60 * 60 * 1000;

/** No mail is older; and the year 0 has no instant that sorts as text. */
const EARLIEST_DAY = '1970-01-01';

/** The first instant of a Japan-time day (`YYYY-MM-DD`), as RFC 3339; null when there is no such day (02-30). */
export function startOfJapanDay(day: string): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!match || day < EARLIEST_DAY) return null;
  const midnightUtc = new Date(`${day}T00:00:00.000Z`);
  if (Number.isNaN(midnightUtc.getTime()) || midnightUtc.toISOString().slice(0, 10) !== day) return null;
  return new Date(midnightUtc.getTime() - JAPAN_OFFSET_MS).toISOString();
}

/**
 * The beginning of an instant's second: mail servers tell in whole seconds when a mail came (RFC 3501, 2.3.3 and
 * date-time; Graph's receivedDateTime), so one of this very second would seem to have come before it.
 */
export function wholeSecondOf(instant: string): string {
  return new Date(Math.floor(Date.parse(instant) / 1_000) * 1_000).toISOString();
}

/** The Japan-time day of an instant. */
export function japanDayOf(instant: string): string {
  return new Date(new Date(instant).getTime() + JAPAN_OFFSET_MS).toISOString().slice(0, 10);
}
