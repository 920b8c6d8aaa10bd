import { MongoFault } from '../mongo-fault.js';

const OFFSET = /^([+-])(\d{2})(?::?(\d{2}))?$/;
const UTC_NAMES = new Set(['UTC', 'GMT', 'Z']);
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  try {
    const formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
    return formatter;
  } catch {
    throw new MongoFault(40485, `unrecognized time zone identifier: "${zone}"`);
  }
}

function namedOffset(millis: number, zone: string): number {
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(millis)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(millis / 1000) * 1000;
}

/**
 * How far a zone is ahead of UTC at an instant, in milliseconds. Zones are Olson names or offsets like "+09:00".
 * @throws MongoFault 40485 for an unknown zone
 */
export function zoneOffset(millis: number, zone: string): number {
  if (UTC_NAMES.has(zone)) return 0;
  const [, sign, hours, minutes = '0'] = OFFSET.exec(zone) ?? [];
  if (hours === undefined) return namedOffset(millis, zone);
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** The wall clock of a zone, as a Date whose UTC fields show it. */
export const toLocal = (millis: number, zone: string): Date => new Date(millis + zoneOffset(millis, zone));

/** The instant at which the wall clock of a zone shows the given local time. */
export function fromLocal(local: number, zone: string): number {
  const guess = local - zoneOffset(local, zone);
  return local - zoneOffset(guess, zone);
}
