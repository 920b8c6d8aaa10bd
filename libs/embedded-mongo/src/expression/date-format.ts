import { MongoFault } from '../mongo-fault.js';
import { toLocal, zoneOffset } from './time-zone.js';

const padded = (value: number, width: number): string => String(value).padStart(width, '0');

function offsetText(millis: number, zone: string): string {
  const minutes = zoneOffset(millis, zone) / 60_000;
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}${padded(size % 60, 2)}`;
}

const dayOfYear = (local: Date): number =>
  Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0)) / 86_400_000) + 1;

const SPECIFIERS: Readonly<Record<string, (local: Date) => string>> = {
  Y: (local) => padded(local.getUTCFullYear(), 4),
  m: (local) => padded(local.getUTCMonth() + 1, 2),
  d: (local) => padded(local.getUTCDate(), 2),
  H: (local) => padded(local.getUTCHours(), 2),
  M: (local) => padded(local.getUTCMinutes(), 2),
  S: (local) => padded(local.getUTCSeconds(), 2),
  L: (local) => padded(local.getUTCMilliseconds(), 3),
  j: (local) => padded(dayOfYear(local), 3),
  w: (local) => String(local.getUTCDay() + 1),
  u: (local) => String(local.getUTCDay() || 7),
  '%': () => '%',
};

/**
 * Writes an instant in a zone by a format of `$dateToString` (manual, "Format Specifiers").
 * @throws MongoFault 18536 for a specifier that is not served
 */
export function formatDate(millis: number, zone: string, format: string): string {
  const local = toLocal(millis, zone);
  return format.replace(/%(.?)/g, (_, specifier: string) => {
    if (specifier === 'z') return offsetText(millis, zone);
    const write = Object.hasOwn(SPECIFIERS, specifier) ? SPECIFIERS[specifier] : undefined;
    if (write === undefined) throw new MongoFault(18536, `Invalid format character '%${specifier}' in format string`);
    return write(local);
  });
}
