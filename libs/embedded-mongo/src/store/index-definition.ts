import { BsonType } from '../bson/bson-type.js';
import { documentOf } from '../bson/bson-writer.js';
import { Cell } from '../bson/cell.js';
import { Elements, entriesOf, FieldName, fieldOf, isEmpty } from '../bson/elements.js';
import { FieldPath } from '../bson/field-path.js';
import { int32, string, TRUE } from '../bson/make-cell.js';
import { shortText, valueText } from '../bson/to-text.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import type { Filter } from '../query/filter.js';
import { parseFilter } from '../query/parse-filter.js';
import type { KeyField } from './index-keys.js';

const MAX_FIELDS = 31; // the fields that led through arrays are kept as bits of one number
const MAX_EXPIRE_SECONDS = 2 ** 31 - 1;

/** What is asked of an index, and what `listIndexes` shows of it. */
export interface IndexDefinition {
  readonly name: string;
  /** The key pattern as given, e.g. `{ a: 1, 'b.c': -1 }`. */
  readonly key: Cell;
  readonly fields: readonly KeyField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: { readonly source: Cell; readonly filter: Filter } | undefined;
  readonly expireAfterSeconds: number | undefined;
  /** The whole specification, in the form of `listIndexes`. */
  readonly spec: Cell;
}

const fault = (code: number, message: string): never => {
  throw new MongoFault(code, message);
};

function keyField(name: string, value: Cell): KeyField {
  if (name === '') fault(67, 'Index keys cannot be an empty field.');
  if (name.includes('$')) refuse(`the index key "${name}"`);
  if (value.type === BsonType.string) refuse(`indexes of type "${value.toText()}"`);
  if (!value.isNumber) fault(67, `Values in v:2 index key pattern cannot be of type ${shortText(value)}`);
  if (value.toNumber() === 0) fault(67, 'Values in the index key pattern cannot be 0.');
  const path = new FieldPath(name);
  if (path.steps.some(({ index }) => index >= 0)) refuse(`the index key "${name}": array positions`);
  return { path, descending: value.toNumber() < 0 };
}

/**
 * The fields of a key pattern.
 * @throws MongoFault 67
 */
export function parseKeyPattern(key: Cell): readonly KeyField[] {
  if (isEmpty(key)) fault(67, 'Index keys cannot be empty.');
  const fields = entriesOf(key).map(([name, value]) => keyField(name, value));
  if (fields.length > MAX_FIELDS) fault(67, `Index has more than ${String(MAX_FIELDS)} fields`);
  return fields;
}

/** The name MongoDB gives to an index without one: `a_1_b_-1`. */
export const defaultName = (key: Cell): string =>
  entriesOf(key)
    .map(([name, value]) => `${name}_${valueText(value).replace('.0', '')}`)
    .join('_');

function flag(name: string, value: Cell): boolean {
  if (value.type === BsonType.bool) return value.toBoolean();
  return value.isNumber ? value.toNumber() !== 0 : fault(14, `The field '${name}' has value of wrong type`);
}

function expireSeconds(value: Cell): number {
  const seconds = value.isNumber ? value.toNumber() : NaN;
  if (!(seconds >= 0 && seconds <= MAX_EXPIRE_SECONDS))
    fault(67, 'TTL index expireAfterSeconds must be within 0 and 2147483647');
  return seconds;
}

function partialFilter(value: Cell): IndexDefinition['partial'] {
  if (value.type !== BsonType.object) fault(67, 'partialFilterExpression must be an object');
  // The filter outlives the message it came in
  const source = Cell.document(Buffer.from(value.bytes));
  return { source, filter: parseFilter(source) };
}

/** Options which only advise, or ask for what is done anyway. */
const HARMLESS = new Set(['v', 'background', 'ns', 'textIndexVersion']);

interface Options {
  name?: string;
  key?: Cell;
  unique?: boolean;
  sparse?: boolean;
  partial?: IndexDefinition['partial'];
  expireAfterSeconds?: number;
}

const OPTION_READERS: Readonly<Record<string, (options: Options, value: Cell) => void>> = {
  key: (options, value) => {
    if (value.type !== BsonType.object) fault(14, "The field 'key' must be an object");
    options.key = Cell.document(Buffer.from(value.bytes));
  },
  name: (options, value) => {
    if (value.type !== BsonType.string || value.toText() === '') fault(67, 'index name must be a non-empty string');
    options.name = value.toText();
  },
  unique: (options, value) => (options.unique = flag('unique', value)),
  sparse: (options, value) => (options.sparse = flag('sparse', value)),
  partialFilterExpression: (options, value) => (options.partial = partialFilter(value)),
  expireAfterSeconds: (options, value) => (options.expireAfterSeconds = expireSeconds(value)),
  hidden: (_, value) => void (flag('hidden', value) && refuse('hidden indexes')),
  collation: (_, value) => checkCollation(value),
};

const LOCALE = new FieldName('locale');

/** The simple collation compares bytes, which is what is done anyway; every other one is refused. */
export function checkCollation(value: Cell): void {
  const locale = value.type === BsonType.object ? fieldOf(value, LOCALE) : undefined;
  if (locale?.type !== BsonType.string || locale.toText() !== 'simple') refuse('collations');
}

const REFUSED_OPTIONS =
  /^(?:weights|default_language|language_override|2dsphereIndexVersion|bits|min|max|wildcardProjection|storageEngine|prepareUnique|clustered)$/;

function readOptions(spec: Cell): Options {
  const options: Options = {};
  const elements = new Elements(spec);
  while (elements.next()) {
    const { name } = elements;
    const read = Object.hasOwn(OPTION_READERS, name) ? OPTION_READERS[name] : undefined;
    if (read !== undefined) read(options, elements.cell);
    else if (REFUSED_OPTIONS.test(name)) refuse(`the index option "${name}"`);
    else if (!HARMLESS.has(name)) fault(197, `The field '${name}' is not valid for an index specification.`);
  }
  return options;
}

function checkCombination({ sparse, partial, expireAfterSeconds }: Options, fields: readonly KeyField[]): void {
  if (sparse === true && partial !== undefined) {
    fault(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  }
  if (expireAfterSeconds !== undefined && fields.length > 1) {
    fault(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  }
}

const optional = <Value>(value: Value | undefined, make: (value: Value) => Cell): Cell | undefined =>
  value === undefined ? undefined : make(value);

/**
 * Reads an index specification, as given to `createIndexes` or as stored.
 * @throws MongoFault 67, 197, 238
 */
export function parseIndexDefinition(given: Cell): IndexDefinition {
  const options = readOptions(given);
  const key = options.key ?? fault(9, "The 'key' field is a required property of an index specification");
  const fields = parseKeyPattern(key);
  checkCombination(options, fields);
  const { unique = false, sparse = false, partial, expireAfterSeconds, name = defaultName(key) } = options;
  const spec = documentOf([
    ['v', int32(2)],
    ['key', key],
    ['name', string(name)],
    ['unique', unique ? TRUE : undefined],
    ['sparse', sparse ? TRUE : undefined],
    ['partialFilterExpression', partial?.source],
    ['expireAfterSeconds', optional(expireAfterSeconds, int32)],
  ]);
  return { name, key, fields, unique, sparse, partial, expireAfterSeconds, spec };
}

/** Whether two definitions make the same index up to name and expiry. */
export function isSameIndex(a: IndexDefinition, b: IndexDefinition): boolean {
  const samePartial =
    a.partial === undefined || b.partial === undefined
      ? a.partial === b.partial
      : a.partial.source.isIdentical(b.partial.source);
  return samePattern(a.key, b.key) && a.unique === b.unique && a.sparse === b.sparse && samePartial;
}

/** Whether two key patterns have the same fields, order and directions: `1` and `1.0` are the same direction. */
export function samePattern(a: Cell, b: Cell): boolean {
  const [left, right] = [entriesOf(a), entriesOf(b)];
  return (
    left.length === right.length &&
    left.every(([name, value], index) => {
      const [otherName, otherValue] = right[index] ?? [];
      return name === otherName && value.toNumber() < 0 === (otherValue !== undefined && otherValue.toNumber() < 0);
    })
  );
}
