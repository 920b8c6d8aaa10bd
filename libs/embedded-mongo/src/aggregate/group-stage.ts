import { BsonType } from '../bson/bson-type.js';
import { documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { entriesOf, isEmpty } from '../bson/elements.js';
import { valueKey } from '../bson/key-encoding.js';
import { int32, NULL } from '../bson/make-cell.js';
import { type Expression, rootScope } from '../expression/expression.js';
import { parseExpression } from '../expression/parse-expression.js';
import { MongoFault } from '../mongo-fault.js';
import { accumulatorNamed, type Accumulator } from './accumulators.js';
import { MemoryBudget } from './memory-budget.js';
import { collectStream, type Counting, drain, type DocumentStream, type Stage } from './stage.js';

const GROUP_OVERHEAD = 200;

/** One field of a group besides `_id`. */
interface GroupField {
  readonly name: string;
  readonly expression: Expression;
  readonly make: (budget: MemoryBudget) => Accumulator;
  /** Whether it adds one for each document. */
  readonly counts: boolean;
}

interface Group {
  readonly id: Cell;
  readonly accumulators: readonly Accumulator[];
}

const isOne = (value: Cell): boolean => value.isNumber && value.toNumber() === 1;

function parseField(name: string, value: Cell): GroupField {
  const entries = value.type === BsonType.object ? entriesOf(value) : [];
  const [[operator, argument] = []] = entries;
  if (operator === undefined || argument === undefined || entries.length !== 1) {
    throw new MongoFault(40234, `The field '${name}' must be an accumulator object`);
  }
  if (name.includes('.')) throw new MongoFault(40235, `The field name '${name}' cannot contain '.'`);
  if (operator === '$count' && argument.type === BsonType.object && isEmpty(argument)) {
    return { name, expression: () => int32(1), make: accumulatorNamed('$sum'), counts: true };
  }
  const counts = operator === '$sum' && isOne(argument);
  return { name, expression: parseExpression(argument), make: accumulatorNamed(operator), counts };
}

/** Recognises a group that only counts, so that it can be answered by counting index entries. */
function countingOf(id: Cell, fields: readonly GroupField[]): Counting | undefined {
  const [only] = fields;
  const isConstant = id.isNumber || id.type === BsonType.null;
  return fields.length === 1 && only?.counts === true && isConstant ? { id, field: only.name } : undefined;
}

function group(source: DocumentStream, id: Expression, fields: readonly GroupField[]): readonly Cell[] {
  const groups = new Map<string, Group>();
  const budget = new MemoryBudget('$group');
  drain(source, (document) => {
    const scope = rootScope(document);
    const value = id(scope) ?? NULL;
    const key = valueKey(value);
    let found = groups.get(key);
    if (found === undefined) {
      budget.take(key.length * 2 + GROUP_OVERHEAD);
      found = { id: value, accumulators: fields.map(({ make }) => make(budget)) };
      groups.set(key, found);
    }
    const { accumulators } = found;
    fields.forEach(({ expression }, index) => accumulators[index]?.add(expression(scope)));
  });
  return Array.from(groups.values(), ({ id: value, accumulators }) =>
    documentOf([['_id', value], ...fields.map(({ name }, index) => [name, accumulators[index]?.result()] as const)]),
  );
}

/**
 * Parses `$group`. The groups and what they hold must fit the memory of a stage.
 * @throws MongoFault 15955 without `_id`, 15952 and 40234 for accumulators
 */
export function parseGroup(argument: Cell): Stage {
  if (argument.type !== BsonType.object) throw new MongoFault(15947, "a group's fields must be specified in an object");
  const entries = new Map(entriesOf(argument));
  const idSource = entries.get('_id');
  if (idSource === undefined) throw new MongoFault(15955, 'a group specification must include an _id');
  entries.delete('_id');
  const id = parseExpression(idSource);
  const fields = Array.from(entries, ([name, value]) => parseField(name, value));
  const counting = countingOf(idSource, fields);
  return {
    name: '$group',
    ...(counting && { counting }),
    apply: (source) => collectStream(source, () => group(source, id, fields)),
  };
}
