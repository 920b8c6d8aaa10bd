import { BsonType, typeName } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { date, int32, NULL, string } from '../bson/make-cell.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import { formatDate } from './date-format.js';
import { type Expression, isNullish, type Scope } from './expression.js';
import { namedArguments, textArgument, type OperatorParser, type Operators } from './operator.js';
import { fromLocal, toLocal } from './time-zone.js';

const DEFAULT_FORMAT = '%Y-%m-%dT%H:%M:%S.%LZ';
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds since 1970 of a date, or of an ObjectId, which carries one. */
function millisOf(name: string, value: Cell): number {
  if (value.type === BsonType.date) return value.toMillis();
  if (value.type === BsonType.objectId) return value.buffer.readUInt32BE(value.start) * SECOND;
  throw new MongoFault(16006, `can't convert from BSON type ${typeName(value.type)} to Date (${name})`);
}

function zoneOf(name: string, zone: Expression | undefined, scope: Scope): string | undefined {
  if (zone === undefined) return 'UTC';
  const value = zone(scope);
  if (isNullish(value)) return undefined;
  if (value.type !== BsonType.string)
    throw new MongoFault(40533, `${name} requires a string for the timezone argument`);
  return value.toText();
}

/** `$op: <date>` or `$op: { date, timezone }`, giving a part of the date in that zone. */
const part =
  (name: string, read: (local: Date) => number): OperatorParser =>
  (argument, parse) => {
    const given = isNamed(argument)
      ? namedArguments(name, argument, ['date'], ['timezone'])
      : { date: argument, timezone: undefined };
    const when = parse(given.date);
    const timezone = given.timezone === undefined ? undefined : parse(given.timezone);
    return (scope) => {
      const value = when(scope);
      const zone = zoneOf(name, timezone, scope);
      if (isNullish(value) || zone === undefined) return NULL;
      return int32(read(toLocal(millisOf(name, value), zone)));
    };
  };

/** Tells `{ date: …, timezone: … }` from an operator expression such as `{ $toDate: … }`. */
const isNamed = (argument: Cell): boolean =>
  argument.type === BsonType.object && argument.buffer[argument.start + 5] !== 0x24; // "$"

const parseDateToString: OperatorParser = (argument, parse) => {
  const given = namedArguments('$dateToString', argument, ['date'], ['format', 'timezone', 'onNull']);
  const when = parse(given.date);
  const format = given.format === undefined ? undefined : parse(given.format);
  const timezone = given.timezone === undefined ? undefined : parse(given.timezone);
  const onNull = given.onNull === undefined ? undefined : parse(given.onNull);
  return (scope) => {
    const value = when(scope);
    if (isNullish(value)) return onNull === undefined ? NULL : onNull(scope);
    const zone = zoneOf('$dateToString', timezone, scope);
    const pattern = format?.(scope);
    if (zone === undefined || (format !== undefined && isNullish(pattern))) return NULL;
    return string(
      formatDate(
        millisOf('$dateToString', value),
        zone,
        pattern === undefined ? DEFAULT_FORMAT : textArgument('format', pattern),
      ),
    );
  };
};

const FIXED_UNITS: Readonly<Record<string, number>> = { day: DAY, hour: HOUR, minute: MINUTE, second: SECOND };

/** The start of the unit in which a local time lies. */
function truncated(local: Date, unit: string): number {
  const size = Object.hasOwn(FIXED_UNITS, unit) ? FIXED_UNITS[unit] : undefined;
  if (size !== undefined) return Math.floor(local.getTime() / size) * size;
  switch (unit) {
    case 'year':
      return Date.UTC(local.getUTCFullYear(), 0);
    case 'month':
      return Date.UTC(local.getUTCFullYear(), local.getUTCMonth());
    case 'week': // MongoDB's weeks start on Sunday unless told otherwise
      return Math.floor(local.getTime() / DAY - local.getUTCDay()) * DAY;
    default:
      return refuse(`the unit "${unit}" of $dateTrunc`);
  }
}

const parseDateTrunc: OperatorParser = (argument, parse) => {
  const given = namedArguments('$dateTrunc', argument, ['date', 'unit'], ['timezone']);
  const [when, unit] = [parse(given.date), parse(given.unit)];
  const timezone = given.timezone === undefined ? undefined : parse(given.timezone);
  return (scope) => {
    const [value, size, zone] = [when(scope), unit(scope), zoneOf('$dateTrunc', timezone, scope)];
    if (isNullish(value) || isNullish(size) || zone === undefined) return NULL;
    return date(fromLocal(truncated(toLocal(millisOf('$dateTrunc', value), zone), textArgument('unit', size)), zone));
  };
};

const dayOfYear = (local: Date): number =>
  Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0)) / DAY) + 1;

/** Date operators. */
export const DATES: Operators = {
  $year: part('$year', (local) => local.getUTCFullYear()),
  $month: part('$month', (local) => local.getUTCMonth() + 1),
  $dayOfMonth: part('$dayOfMonth', (local) => local.getUTCDate()),
  $dayOfWeek: part('$dayOfWeek', (local) => local.getUTCDay() + 1),
  $dayOfYear: part('$dayOfYear', dayOfYear),
  $hour: part('$hour', (local) => local.getUTCHours()),
  $minute: part('$minute', (local) => local.getUTCMinutes()),
  $second: part('$second', (local) => local.getUTCSeconds()),
  $millisecond: part('$millisecond', (local) => local.getUTCMilliseconds()),
  $dateToString: parseDateToString,
  $dateTrunc: parseDateTrunc,
};
