/**
 * The BSON types which are served (https://bsonspec.org/spec.html). Left out, and refused wherever they come in:
 * Decimal128, and the deprecated or executable ones (undefined, DBPointer, symbol, JavaScript with and without scope).
 */
export const BsonType = {
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binary: 0x05,
  objectId: 0x07,
  bool: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
  minKey: 0xff,
  maxKey: 0x7f,
} as const;

/** The aliases of `$type` (MongoDB manual, "$type"), also the names used in error messages. */
export const TYPE_ALIAS: ReadonlyMap<number, string> = new Map([
  [BsonType.double, 'double'],
  [BsonType.string, 'string'],
  [BsonType.object, 'object'],
  [BsonType.array, 'array'],
  [BsonType.binary, 'binData'],
  [BsonType.objectId, 'objectId'],
  [BsonType.bool, 'bool'],
  [BsonType.date, 'date'],
  [BsonType.null, 'null'],
  [BsonType.regex, 'regex'],
  [BsonType.int32, 'int'],
  [BsonType.timestamp, 'timestamp'],
  [BsonType.int64, 'long'],
  [BsonType.minKey, 'minKey'],
  [BsonType.maxKey, 'maxKey'],
]);

/** The alias of a type, for error messages. */
export const typeName = (type: number): string => TYPE_ALIAS.get(type) ?? `type 0x${type.toString(16)}`;

/**
 * The place of a type in MongoDB's comparison order (manual, "Comparison/Sort Order"). Types that compare with each
 * other share a rank. The gaps and limits matter to `key-encoding.ts`: each rank is also the first byte of an encoded
 * value, and stays between 0x05 and 0xfa both as it is and bit-inverted.
 */
export const Rank = {
  minKey: 0x0a,
  /** An empty array as an index or sort key: less than null (manual, "Comparison/Sort Order", arrays). */
  emptyArrayKey: 0x0f,
  null: 0x14,
  number: 0x1e,
  string: 0x3c,
  object: 0x46,
  array: 0x50,
  binary: 0x5a,
  objectId: 0x64,
  bool: 0x6e,
  date: 0x78,
  timestamp: 0x82,
  regex: 0x8c,
  maxKey: 0xf0,
} as const;

const RANKS = new Uint8Array(256);
RANKS[BsonType.minKey] = Rank.minKey;
RANKS[BsonType.null] = Rank.null;
RANKS[BsonType.double] = Rank.number;
RANKS[BsonType.int32] = Rank.number;
RANKS[BsonType.int64] = Rank.number;
RANKS[BsonType.string] = Rank.string;
RANKS[BsonType.object] = Rank.object;
RANKS[BsonType.array] = Rank.array;
RANKS[BsonType.binary] = Rank.binary;
RANKS[BsonType.objectId] = Rank.objectId;
RANKS[BsonType.bool] = Rank.bool;
RANKS[BsonType.date] = Rank.date;
RANKS[BsonType.timestamp] = Rank.timestamp;
RANKS[BsonType.regex] = Rank.regex;
RANKS[BsonType.maxKey] = Rank.maxKey;

/** The comparison rank of a served type; 0 for a type that is not served. */
export const rankOf = (type: number): number => RANKS[type] ?? 0;
