import { BsonType, typeName } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf, itemsOf } from '../bson/elements.js';
import { toWhole } from '../bson/numbers.js';
import { isTruthy } from '../expression/expression.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import { TimeBudget } from '../plan/time-budget.js';
import { checkCollation } from '../store/index-definition.js';

/** Fields which any command may carry. What they ask is read in one place, here, or only advises. */
const GENERIC = new Set([
  '$db',
  'lsid',
  '$readPreference',
  '$clusterTime',
  'comment',
  'maxTimeMS',
  'readConcern',
  'writeConcern',
  'apiVersion',
]);
const TRANSACTION = new Set(['txnNumber', 'startTransaction', 'autocommit']);

/** Options of MongoDB which are not served, but may be given as long as they ask for nothing. */
const HARMLESS_WHEN: Readonly<Record<string, (value: Cell) => boolean>> = {
  collation: (value) => {
    checkCollation(value);
    return true;
  },
  let: (value) => value.type === BsonType.object && value.end - value.start === 5,
  bypassDocumentValidation: () => true, // there is no validation to bypass
  allowPartialResults: () => true, // there are no shards
  noCursorTimeout: () => true,
  allowDiskUse: () => true, // a sort in memory that grows too large is an error either way
  tailable: (value) => !isTruthy(value),
  awaitData: (value) => !isTruthy(value),
  oplogReplay: () => true,
  returnKey: (value) => !isTruthy(value),
  showRecordId: (value) => !isTruthy(value),
  authorizedCollections: () => true, // there are no users
  authorizedDatabases: () => true,
  capped: (value) => !isTruthy(value),
};

/** A document of named options: a command, or one statement of a write command. */
export class Options {
  private readonly values: ReadonlyMap<string, Cell>;

  constructor(
    /** The command's name, for messages. */
    readonly name: string,
    source: Cell,
  ) {
    this.values = new Map(entriesOf(source));
  }

  /**
   * Refuses options that are not served, so that nothing is silently ignored.
   * @throws MongoFault 40415 for an unknown option, 238 for one that is known and asks for something
   */
  checkNames(known: readonly string[], isGeneric: (name: string) => boolean = () => false): void {
    for (const [name, value] of this.values) {
      if (known.includes(name) || isGeneric(name)) continue;
      const isHarmless = Object.hasOwn(HARMLESS_WHEN, name) ? HARMLESS_WHEN[name] : undefined;
      if (isHarmless === undefined)
        throw new MongoFault(40415, `BSON field '${this.name}.${name}' is an unknown field.`);
      if (!isHarmless(value)) refuse(`'${name}' of ${this.name}`);
    }
  }

  get(name: string): Cell | undefined {
    const value = this.values.get(name);
    return value?.type === BsonType.null ? undefined : value;
  }

  text(name: string): string | undefined {
    return this.typed(name, 'string', ({ type }) => type === BsonType.string)?.toText();
  }

  flag(name: string): boolean {
    const value = this.typed(name, 'bool', (cell) => cell.type === BsonType.bool || cell.isNumber);
    return isTruthy(value);
  }

  /** A whole number that is not negative. */
  count(name: string): number | undefined {
    const value = this.typed(name, 'long', (cell) => cell.isNumber);
    if (value === undefined) return undefined;
    const whole = toWhole(value);
    if (whole === undefined || whole < 0n) {
      throw new MongoFault(
        51024,
        `BSON field '${name}' value must be >= 0, actual value '${String(value.toNumber())}'`,
      );
    }
    return Number(whole);
  }

  document(name: string): Cell | undefined {
    return this.typed(name, 'object', ({ type }) => type === BsonType.object);
  }

  array(name: string): Cell | undefined {
    return this.typed(name, 'array', ({ type }) => type === BsonType.array);
  }

  /** @throws MongoFault 40414 when the option is missing */
  required<Value>(name: string, value: Value | undefined): Value {
    if (value !== undefined) return value;
    throw new MongoFault(40414, `BSON field '${this.name}.${name}' is missing but a required field`);
  }

  private typed(name: string, expected: string, isRight: (value: Cell) => boolean): Cell | undefined {
    const value = this.get(name);
    if (value === undefined || isRight(value)) return value;
    throw new MongoFault(
      14,
      `BSON field '${this.name}.${name}' is the wrong type '${typeName(value.type)}', expected type '${expected}'`,
    );
  }
}

/** How a write is to be confirmed. */
export interface WriteConcern {
  /** Whether the reply waits for the disk even where the server's durability does not. */
  readonly journaled: boolean;
}

/** One command of a client. */
export class Command extends Options {
  readonly budget: TimeBudget;
  readonly db: string;

  constructor(
    name: string,
    body: Cell,
    private readonly sequences: ReadonlyMap<string, readonly Cell[]>,
  ) {
    super(name, body);
    this.db = this.text('$db') ?? 'admin';
    const limit = this.count('maxTimeMS') ?? 0;
    this.budget = new TimeBudget(limit === 0 ? undefined : limit);
  }

  /** @throws MongoFault 20 for transactions, 40415 and 238 for other options that are not served */
  check(known: readonly string[]): void {
    this.checkNames([this.name, ...known, ...this.sequences.keys()], (name) => {
      if (TRANSACTION.has(name)) {
        throw new MongoFault(20, 'Transaction numbers are only allowed on a replica set member or mongos');
      }
      return GENERIC.has(name);
    });
    this.checkReadConcern();
  }

  /** Documents sent as an array in the body or beside it. */
  documents(name: string): readonly Cell[] {
    const beside = this.sequences.get(name);
    if (beside !== undefined) return beside;
    const items = itemsOf(this.required(name, this.array(name)));
    if (items.some(({ type }) => type !== BsonType.object)) {
      throw new MongoFault(14, `BSON field '${this.name}.${name}' must be an array of objects`);
    }
    return items;
  }

  /** Which collection the command is for: the value of its first field. */
  get collectionName(): string {
    return this.required(this.name, this.text(this.name));
  }

  /** The session's id as text, if the command belongs to one. */
  get session(): string | undefined {
    const lsid = this.document('lsid');
    return lsid?.bytes.toString('hex');
  }

  /** @throws MongoFault for confirmations that a single server cannot give */
  get writeConcern(): WriteConcern {
    const source = this.document('writeConcern');
    if (source === undefined) return { journaled: false };
    const given = new Options('writeConcern', source);
    given.checkNames(['w', 'j', 'fsync', 'wtimeout', 'provenance']);
    const w = given.get('w');
    if (w?.isNumber === true && w.toNumber() > 1) {
      throw new MongoFault(2, "cannot use 'w' > 1 when a host is not replicated");
    }
    if (w?.type === BsonType.string && w.toText() !== 'majority') {
      throw new MongoFault(100, `the write concern "${w.toText()}" is not known`);
    }
    return { journaled: given.flag('j') || given.flag('fsync') };
  }

  private checkReadConcern(): void {
    const source = this.document('readConcern');
    if (source === undefined) return;
    const given = new Options('readConcern', source);
    given.checkNames(['level', 'provenance']);
    const level = given.text('level') ?? 'local';
    if (!['local', 'available', 'majority'].includes(level)) refuse(`the read concern "${level}"`);
  }
}
