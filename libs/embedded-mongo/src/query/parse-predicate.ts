import { BsonType, TYPE_ALIAS } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { isEmpty, itemsOf } from '../bson/elements.js';
import type { FieldPath } from '../bson/field-path.js';
import { toWhole } from '../bson/numbers.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import type { Comparison, Filter, Pattern, ValueTest } from './filter.js';
import { compilePattern } from './pattern.js';

/** One operator of one field as it stands in the filter document. */
export interface Predicate {
  readonly path: FieldPath | undefined;
  readonly name: string;
  readonly value: Cell;
  /** The value of `$options` beside `$regex`. */
  readonly options: Cell | undefined;
}

const DBREF_FIELDS = new Set(['$ref', '$id', '$db']);

/** The name of the first field of a document that is not empty. */
export function firstName(document: Cell): string {
  const start = document.start + 5; // behind the length and the type byte
  return document.buffer.toString('utf8', start, document.buffer.indexOf(0, start));
}

/** Whether a value is a document of operators, `{ $gt: 1 }`, rather than one to compare with. */
export function isOperatorDocument(value: Cell): boolean {
  if (value.type !== BsonType.object || isEmpty(value)) return false;
  const first = firstName(value);
  return first.startsWith('$') && !DBREF_FIELDS.has(first);
}

const bad = (message: string): never => {
  throw new MongoFault(2, message);
};

const field = (path: FieldPath | undefined, test: ValueTest): Filter => ({ kind: 'field', path, test });
const not = (part: Filter): Filter => ({ kind: 'not', part });

function parseComparison(operator: Comparison, { path, value }: Predicate): Filter {
  if (value.type === BsonType.regex && operator !== 'eq') {
    bad(`Can't have RegEx as arg to predicate over field '${path?.text ?? ''}'.`);
  }
  return field(path, { kind: 'compare', operator, value });
}

const patternOf = (value: Cell): Pattern => {
  const { pattern, flags } = value.toRegex();
  return compilePattern(value, pattern, flags);
};

/** The filter `{ path: /pattern/ }`. */
export const regexFilter = (path: FieldPath | undefined, value: Cell): Filter =>
  field(path, { kind: 'regex', pattern: patternOf(value) });

function parseIn({ path, name, value }: Predicate): Filter {
  if (value.type !== BsonType.array) bad(`${name} needs an array`);
  const items = itemsOf(value);
  if (items.some(isOperatorDocument)) bad(`cannot nest $ under ${name}`);
  const values = items.filter((item) => item.type !== BsonType.regex);
  const patterns = items.filter((item) => item.type === BsonType.regex).map(patternOf);
  return field(path, { kind: 'in', values, patterns });
}

function parseRegex({ path, value, options }: Predicate): Filter {
  if (options !== undefined && options.type !== BsonType.string) bad('$options has to be a string');
  const given = options?.toText();
  if (value.type === BsonType.regex) {
    const { pattern, flags } = value.toRegex();
    if (given !== undefined && flags !== '') bad('options set in both $regex and $options');
    return field(path, { kind: 'regex', pattern: compilePattern(value, pattern, given ?? flags) });
  }
  if (value.type !== BsonType.string) bad('$regex has to be a string');
  return field(path, { kind: 'regex', pattern: compilePattern(value, value.toText(), given ?? '') });
}

function wholeArgument(name: string, value: Cell | undefined): bigint {
  const whole = value === undefined ? undefined : toWhole(value);
  return whole ?? bad(`malformed ${name}, its arguments must be numbers`);
}

function parseMod({ path, value }: Predicate): Filter {
  const items = value.type === BsonType.array ? itemsOf(value) : bad('malformed mod, needs to be an array');
  if (items.length < 2) bad('malformed mod, not enough elements');
  if (items.length > 2) bad('malformed mod, too many elements');
  const divisor = wholeArgument('mod', items[0]);
  if (divisor === 0n) bad('divisor cannot be 0');
  return field(path, { kind: 'mod', divisor, remainder: wholeArgument('mod', items[1]) });
}

function parseSize({ path, value }: Predicate): Filter {
  const size = value.isNumber ? value.toNumber() : bad(`Failed to parse $size. Expected a number`);
  if (!Number.isInteger(size)) bad('Failed to parse $size. Expected an integer');
  if (size < 0) bad('Failed to parse $size. Expected a non-negative number');
  return field(path, { kind: 'size', size });
}

const NUMBER_TYPES = [BsonType.double, BsonType.int32, BsonType.int64];

function typesOf(value: Cell): readonly number[] {
  if (value.isNumber) {
    const code = value.toNumber() & 0xff;
    return TYPE_ALIAS.has(code) ? [code] : bad(`Invalid numerical type code: ${String(value.toNumber())}`);
  }
  if (value.type !== BsonType.string) return bad('type must be represented as a number or a string');
  const alias = value.toText();
  if (alias === 'number') return NUMBER_TYPES;
  const known = [...TYPE_ALIAS].filter(([, name]) => name === alias).map(([type]) => type);
  return known.length > 0 ? known : bad(`Unknown type name alias: ${alias}`);
}

function parseType({ path, value }: Predicate): Filter {
  const given = value.type === BsonType.array ? itemsOf(value) : [value];
  if (given.length === 0) bad('$type must match at least one type');
  return field(path, { kind: 'type', types: new Set(given.flatMap(typesOf)) });
}

function isTrue(value: Cell): boolean {
  if (value.type === BsonType.bool) return value.toBoolean();
  return value.isNumber ? value.toNumber() !== 0 : value.type !== BsonType.null;
}

function parseExists({ path, value }: Predicate): Filter {
  const exists = field(path, { kind: 'exists' });
  return isTrue(value) ? exists : not(exists);
}

function parseNotEqual(predicate: Predicate): Filter {
  if (predicate.value.type === BsonType.regex) bad("Can't have regex as arg to $ne.");
  return not(parseComparison('eq', predicate));
}

const PARSERS: Readonly<Record<string, (predicate: Predicate) => Filter>> = {
  $eq: (predicate) => parseComparison('eq', predicate),
  $gt: (predicate) => parseComparison('gt', predicate),
  $gte: (predicate) => parseComparison('gte', predicate),
  $lt: (predicate) => parseComparison('lt', predicate),
  $lte: (predicate) => parseComparison('lte', predicate),
  $ne: parseNotEqual,
  $in: parseIn,
  $nin: (predicate) => not(parseIn(predicate)),
  $exists: parseExists,
  $type: parseType,
  $mod: parseMod,
  $regex: parseRegex,
  $size: parseSize,
};

const REFUSED =
  /^\$(?:near|nearSphere|geoWithin|geoIntersects|within|bits(?:All|Any)(?:Set|Clear)|expr|jsonSchema|maxDistance|minDistance|geometry)$/;

/**
 * Parses one operator of a field that holds no further conditions, such as `$gt: 5`.
 * @throws MongoFault 2 for what MongoDB does not accept, 238 for what is not served
 */
export function parsePredicate(predicate: Predicate): Filter {
  const parser = Object.hasOwn(PARSERS, predicate.name) ? PARSERS[predicate.name] : undefined;
  if (parser !== undefined) return parser(predicate);
  return REFUSED.test(predicate.name)
    ? refuse(`the operator ${predicate.name}`)
    : bad(`unknown operator: ${predicate.name}`);
}
