import { BsonType, typeName } from '../bson/bson-type.js';
import { documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { isEmpty, itemsOf } from '../bson/elements.js';
import { fromJs } from '../bson/from-js.js';
import { FALSE } from '../bson/make-cell.js';
import { toWhole } from '../bson/numbers.js';
import { type Expression, rootScope } from '../expression/expression.js';
import { namedArguments } from '../expression/operator.js';
import { parseExpression } from '../expression/parse-expression.js';
import { MongoFault } from '../mongo-fault.js';
import { compileFilter } from '../query/matcher.js';
import { MemorySort } from '../query/memory-sort.js';
import { parseAddedFields } from '../query/parse-added-fields.js';
import { parseFilter } from '../query/parse-filter.js';
import { parseProjection } from '../query/parse-projection.js';
import { parseSort } from '../query/sort-order.js';
import { collectStream, drain, mapStream, type Stage } from './stage.js';

const NO_HIT = -1;

export function parseMatch(argument: Cell): Stage {
  if (argument.type !== BsonType.object)
    throw new MongoFault(15959, 'the match filter must be an expression in an object');
  const filter = parseFilter(argument);
  const matches = compileFilter(filter);
  return {
    name: '$match',
    filter,
    apply: (source) => mapStream(source, (document) => (matches(document) ? document : undefined)),
  };
}

function wholeArgument(name: string, argument: Cell, least: number): number {
  const value = toWhole(argument);
  if (value === undefined || value < BigInt(least)) {
    throw new MongoFault(
      name === '$limit' ? 15958 : 5107200,
      `invalid argument to ${name} stage: the value must be at least ${String(least)}`,
    );
  }
  return Number(value);
}

export function parseLimit(argument: Cell): Stage {
  const limit = wholeArgument('$limit', argument, 1);
  return {
    name: '$limit',
    limit,
    apply: (source) => {
      let given = 0;
      return { pause: () => source.pause(), next: () => (given++ < limit ? source.next() : undefined) };
    },
  };
}

export function parseSkip(argument: Cell): Stage {
  const skip = wholeArgument('$skip', argument, 0);
  return {
    name: '$skip',
    skip,
    apply: (source) => {
      let skipped = 0;
      return mapStream(source, (document) => (skipped++ < skip ? undefined : document));
    },
  };
}

/** @param limit how many documents the following stages take; Infinity for all */
export function parseSortStage(argument: Cell, limit: number): Stage {
  if (argument.type !== BsonType.object) throw new MongoFault(15973, 'the $sort key specification must be an object');
  if (isEmpty(argument)) throw new MongoFault(15976, '$sort stage must have at least one sort key');
  const sort = parseSort(argument);
  return {
    name: '$sort',
    sort,
    apply: (source) =>
      collectStream(source, () => {
        const sorter = new MemorySort<Cell>(sort, limit);
        drain(source, (document) => sorter.add(document, document, document.end - document.start));
        return sorter.finish();
      }),
  };
}

export function parseProject(argument: Cell): Stage {
  if (argument.type !== BsonType.object) throw new MongoFault(15969, '$project specification must be an object');
  const projection = parseProjection(argument, 'aggregate');
  if (projection === undefined)
    throw new MongoFault(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  return { name: '$project', apply: (source) => mapStream(source, (document) => projection(document, NO_HIT)) };
}

export function parseAddFields(argument: Cell): Stage {
  if (argument.type !== BsonType.object)
    throw new MongoFault(40272, '$addFields specification stage must be an object');
  const projection = parseAddedFields(argument);
  return { name: '$addFields', apply: (source) => mapStream(source, (document) => projection(document, NO_HIT)) };
}

export function parseUnset(argument: Cell): Stage {
  const names = argument.type === BsonType.array ? itemsOf(argument) : [argument];
  if (names.length === 0 || names.some(({ type }) => type !== BsonType.string)) {
    throw new MongoFault(31120, '$unset specification must be a string or an array containing only string values');
  }
  const projection = parseProject(documentOf(names.map((name) => [name.toText(), FALSE] as const)));
  return { ...projection, name: '$unset' };
}

const bad = (code: number, message: string): never => {
  throw new MongoFault(code, message);
};

function countField(argument: Cell): string {
  if (argument.type !== BsonType.string) return bad(40156, 'the count field must be a non-empty string');
  const field = argument.toText();
  if (field === '') bad(40157, 'the count field must be a non-empty string');
  if (field.startsWith('$')) bad(40158, 'the count field cannot be a $-prefixed path');
  if (field.includes('.')) bad(40160, "the count field cannot contain '.'");
  return field;
}

export function parseCount(argument: Cell): Stage {
  const field = countField(argument);
  return {
    name: '$count',
    counting: { id: undefined, field },
    apply: (source) =>
      collectStream(source, () => {
        let count = 0;
        drain(source, () => count++);
        return count === 0 ? [] : [documentOf([[field, fromJs(count)]])];
      }),
  };
}

function replaceWith(name: string, expression: Expression): Stage {
  return {
    name,
    apply: (source) =>
      mapStream(source, (document) => {
        const root = expression(rootScope(document));
        if (root?.type !== BsonType.object) {
          const found = root === undefined ? 'missing' : typeName(root.type);
          throw new MongoFault(
            40228,
            `'newRoot' expression must evaluate to an object, but resulting value was of type: ${found}`,
          );
        }
        return root;
      }),
  };
}

export const parseReplaceWith = (argument: Cell): Stage => replaceWith('$replaceWith', parseExpression(argument));

export const parseReplaceRoot = (argument: Cell): Stage =>
  replaceWith('$replaceRoot', parseExpression(namedArguments('$replaceRoot', argument, ['newRoot']).newRoot));
