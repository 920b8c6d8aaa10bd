import { reject } from './user-mail-setting.errors.js';

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

/**
 * The instant from which mail is received, which follows from the chosen day (R28, R29). Saving "only new mail" (null)
 * again does not move the instant from which mail is new.
 * @param before what was chosen before, if anything was
 * @throws import_day_invalid where there is no such day, or it is still to come in Japan
 */
export function receiveFromOf(
  importSince: string | null,
  now: string,
  before?: { readonly importSince: string | null; readonly receiveFrom: string } | null,
): string {
  if (importSince === null) return before?.importSince === null ? before.receiveFrom : wholeSecondOf(now);
  const start = startOfJapanDay(importSince);
  if (start === null || importSince > japanDayOf(now)) throw reject('import_day_invalid', {}, { field: 'importSince' });
  return start;
}
