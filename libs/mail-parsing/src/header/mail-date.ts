/** Zone names of RFC 5322 4.3, and those that mailers around Japan write; minutes east of UTC. */
const zones: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  jst: 540,
  kst: 540,
  hkt: 480,
  sgt: 480,
  ict: 420,
  ist: 330,
  bst: 60,
  cet: 60,
  cest: 120,
  met: 60,
  mest: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  aest: 600,
  aedt: 660,
  nzst: 720,
  nzdt: 780,
  hst: -600,
  akst: -540,
  akdt: -480,
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Dates longer than this are none. */
const MAX_LENGTH = 200;

/**
 * The instant that a Date header names, or null when it names none: it is never guessed from the clock.
 *
 * Reads RFC 5322 3.3 and 4.3, ISO 8601, asctime and the year-first forms of Japanese devices. A zone name outside the
 * table counts as UTC (RFC 5322, 4.3); no zone at all counts as `zonelessMinutes`.
 *
 * @param text            the header's value on one line
 * @param zonelessMinutes minutes east of UTC for dates without any zone
 */
export function parseMailDate(text: string, zonelessMinutes = 540): Date | null {
  if (text.length > MAX_LENGTH) return null;
  const clean = text
    .replace(/\([^()]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const day = dayOf(clean);
  const time = /(?:^|[^\d+-])(\d{1,2}):(\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d{1,9})?)?\s*([ap]m)?/i.exec(clean);
  if (day === null || time === null) return null;
  const hour = hourOf(Number(time[1]), time[4]);
  const [minute, second] = [Number(time[2]), Number(time[3] ?? 0)];
  // A leap second (RFC 5322, 3.3) becomes the next full minute.
  if (hour > 23 || minute > 59 || second > 60) return null;
  const offset = offsetOf(clean.slice(time.index + time[0].length)) ?? offsetInComment(text) ?? zonelessMinutes;
  const instant = Date.UTC(day.year, day.month, day.day, hour, minute, second) - offset * 60_000;
  return new Date(instant).getUTCFullYear() > 9999 ? null : new Date(instant);
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function dayOf(text: string): Day | null {
  const dayFirst = /(?:^|[^\d:])(\d{1,2})[ -]+([a-z]{3})[a-z]*\.?[ ,-]+(\d{2,4})(?!\d|:)/i.exec(text);
  if (dayFirst !== null) return checked(dayFirst[3]!, monthOf(dayFirst[2]!), dayFirst[1]!);
  const yearFirst = /(?:^|[^\d])(\d{4})[-/.年] ?(\d{1,2})[-/.月] ?(\d{1,2})/.exec(text);
  if (yearFirst !== null) return checked(yearFirst[1]!, Number(yearFirst[2]) - 1, yearFirst[3]!);
  const asctime = /([a-z]{3})[a-z]* +(\d{1,2}),? .{0,24}?(\d{4})(?: |$)/i.exec(text);
  return asctime === null ? null : checked(asctime[3]!, monthOf(asctime[1]!), asctime[2]!);
}

function monthOf(name: string): number {
  return months.indexOf(name.toLowerCase());
}

/** RFC 5322, 4.3: years of two digits are 2000 to 2049 and 1950 to 1999, of three digits they count from 1900. */
function checked(yearText: string, month: number, dayText: string): Day | null {
  let year = Number(yearText);
  if (yearText.length === 2) year += year < 50 ? 2000 : 1900;
  else if (yearText.length === 3) year += 1900;
  const day = Number(dayText);
  if (year < 1900 || month < 0 || month > 11) return null;
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return day < 1 || day > lastOfMonth ? null : { year, month, day };
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

/** Minutes east of UTC; null when nothing names a zone. */
function offsetOf(rest: string): number | null {
  const numeric = /^\s*(?:(?:gmt|utc?) ?)?([+-]) ?(\d{1,2}):?(\d{2})?(?!\d)/i.exec(rest);
  if (numeric !== null) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    return minutes > 24 * 60 ? 0 : numeric[1] === '-' ? -minutes : minutes;
  }
  const name = /^\s*"?([a-z]{1,5})\b/i.exec(rest)?.[1]?.toLowerCase();
  if (name === undefined) return null;
  return zones[name] ?? 0;
}

/** `10:00:00 (JST)`: the zone stands only in the comment. */
function offsetInComment(text: string): number | null {
  const name = /\(\s*([a-z]{2,5})\s*\)/i.exec(text)?.[1]?.toLowerCase();
  return name === undefined ? null : (zones[name] ?? null);
}
