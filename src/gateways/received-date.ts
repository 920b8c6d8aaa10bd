import { isPlausibleDate } from './plausible-date.js';

/**
 * When a mail's last server received it, by its headers: the topmost Received field's date, else the Date field's
 * (RFC 5322, 3.6.7 and 3.6.1). Null where neither can be read or be true. Takes the head of a mail, or all of it, as
 * bytes.
 */
export function receivedDate(source: Uint8Array): Date | null {
  const head = headerOf(source);
  const received = field(head, 'received');
  const dates = [parseDate(received?.slice(received.lastIndexOf(';') + 1)), parseDate(field(head, 'date'))];
  return dates.find((date) => date !== null && isPlausibleDate(date.getTime())) ?? null;
}

/** No header is larger; what is behind is not looked at. */
const HEADER_BYTES = 256 * 1024;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** RFC 5322, 4.3, and the zone that Japanese mail programs write. Minutes east of Greenwich. */
const ZONES: Readonly<Record<string, number>> = {
  ut: 0,
  gmt: 0,
  utc: 0,
  z: 0,
  jst: 540,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

function headerOf(source: Uint8Array): string {
  const text = Buffer.from(source.buffer, source.byteOffset, Math.min(source.length, HEADER_BYTES)).toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  return end ? text.slice(0, end.index) : text;
}

/** The first field of that name, unfolded. */
function field(head: string, name: string): string | undefined {
  const found = new RegExp(`^${name}[ \\t]*:((?:.*(?:\\r?\\n[ \\t].*)*))`, 'im').exec(head);
  return found?.[1]?.replace(/\r?\n[ \t]/g, ' ').trim();
}

/** `Fri, 1 Mar 2024 23:59:59 +0900 (JST)`; a zone that nobody knows counts as UTC, as RFC 5322, 4.3 asks. */
function parseDate(text: string | undefined): Date | null {
  const found =
    /(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4}|[a-z]{1,4})?/i.exec(
      text ?? '',
    );
  if (!found) return null;
  const [, day, month = '', year, hour, minute, second = '0', zone = ''] = found;
  const monthIndex = MONTHS.indexOf(month.toLowerCase());
  if (monthIndex < 0) return null;
  const [y, d, h, m, s] = [fullYear(Number(year)), Number(day), Number(hour), Number(minute), Number(second)];
  if (d < 1 || d > 31 || h > 23 || m > 59 || s > 60) return null;
  return new Date(Date.UTC(y, monthIndex, d, h, m, s) - offsetMinutes(zone) * 60_000);
}

/** RFC 5322, 4.3: two digits below 50 are of this century, three digits and the other two-digit ones of the last. */
function fullYear(year: number): number {
  if (year >= 1000) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

function offsetMinutes(zone: string): number {
  const digits = /^([+-])(\d{2})(\d{2})$/.exec(zone);
  if (!digits) return ZONES[zone.toLowerCase()] ?? 0;
  return (digits[1] === '-' ? -1 : 1) * (Number(digits[2]) * 60 + Number(digits[3]));
}
