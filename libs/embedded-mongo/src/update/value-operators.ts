import { BsonType, typeName } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf } from '../bson/elements.js';
import { date, double, int32, int64, timestamp } from '../bson/make-cell.js';
import { addExact, multiplyExact } from '../bson/numbers.js';
import { shortText } from '../bson/to-text.js';
import { compareCells } from '../bson/value-order.js';
import { MongoFault } from '../mongo-fault.js';
import type { FieldOperatorParser } from './operator.js';
import { valueOf } from './slot.js';

const set: FieldOperatorParser = (value) => ({ creates: true, apply: (slot) => slot.set(value) });

const setOnInsert: FieldOperatorParser = (value) => ({
  creates: true,
  onlyOnInsert: true,
  apply: (slot) => slot.set(value),
});

const unset: FieldOperatorParser = () => ({ creates: false, apply: (slot) => slot.clear() });

const zeroLike = ({ type }: Cell): Cell => {
  if (type === BsonType.double) return double(0);
  return type === BsonType.int64 ? int64(0n) : int32(0);
};

interface Arithmetic {
  readonly name: string;
  readonly verb: string;
  readonly compute: (a: Cell, b: Cell) => Cell | undefined;
  readonly ofMissing: (argument: Cell) => Cell;
}

const arithmetic =
  ({ name, verb, compute, ofMissing }: Arithmetic): FieldOperatorParser =>
  (argument, path) => {
    if (!argument.isNumber) {
      throw new MongoFault(14, `Cannot ${verb} with non-numeric argument: {${path}: ${shortText(argument)}}`);
    }
    return {
      creates: true,
      apply: (slot, { idText }) => {
        const current = valueOf(slot);
        if (current === undefined) return slot.set(ofMissing(argument));
        if (!current.isNumber) {
          throw new MongoFault(
            14,
            `Cannot apply ${name} to a value of non-numeric type. {_id: ${idText}} has the field ` +
              `'${slot.path.slice(slot.path.lastIndexOf('.') + 1)}' of non-numeric type ${typeName(current.type)}`,
          );
        }
        const result = compute(current, argument);
        if (result === undefined) {
          throw new MongoFault(
            2,
            `Failed to apply ${name} operations to current value (${shortText(current)}) for document {_id: ${idText}}`,
          );
        }
        slot.set(result);
      },
    };
  };

const extreme =
  (sign: number): FieldOperatorParser =>
  (argument) => ({
    creates: true,
    apply: (slot) => {
      const current = valueOf(slot);
      if (current === undefined || compareCells(argument, current) * sign > 0) slot.set(argument);
    },
  });

let increment = 0;

/** The kind of time `$currentDate` is to write. */
function currentDateKind(argument: Cell): 'date' | 'timestamp' {
  if (argument.type === BsonType.bool) return 'date';
  const [[name, value] = []] = argument.type === BsonType.object ? entriesOf(argument) : [];
  const kind = name === '$type' && value?.type === BsonType.string ? value.toText() : undefined;
  if (kind === 'date' || kind === 'timestamp') return kind;
  throw new MongoFault(
    2,
    `${typeName(argument.type)} is not valid type for $currentDate. Please use a boolean ('true') or a $type ` +
      "expression ({$type: 'timestamp/date'}).",
  );
}

const currentDate: FieldOperatorParser = (argument) => {
  const kind = currentDateKind(argument);
  return {
    creates: true,
    apply: (slot) => {
      const now = Date.now();
      slot.set(kind === 'date' ? date(now) : timestamp(Math.floor(now / 1000), ++increment));
    },
  };
};

/** Operators that set one value (manual, "Field Update Operators"). */
export const VALUE_OPERATORS: Readonly<Record<string, FieldOperatorParser>> = {
  $set: set,
  $setOnInsert: setOnInsert,
  $unset: unset,
  $inc: arithmetic({ name: '$inc', verb: 'increment', compute: addExact, ofMissing: (argument) => argument }),
  $mul: arithmetic({ name: '$mul', verb: 'multiply', compute: multiplyExact, ofMissing: zeroLike }),
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: currentDate,
};
