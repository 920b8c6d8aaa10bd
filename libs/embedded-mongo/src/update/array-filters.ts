import { BsonType } from '../bson/bson-type.js';
import { documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { itemsOf } from '../bson/elements.js';
import { MongoFault } from '../mongo-fault.js';
import type { Filter } from '../query/filter.js';
import { compileFilter } from '../query/matcher.js';
import { parseFilter } from '../query/parse-filter.js';

/** Tells by its identifier which items of an array `$[identifier]` means. */
export type ArrayFilters = ReadonlyMap<string, (item: Cell) => boolean>;

const IDENTIFIER = /^[a-z][a-zA-Z0-9]*$/;

function identifiersOf(filter: Filter): string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
    case 'nor':
      return filter.parts.flatMap(identifiersOf);
    case 'not':
      return identifiersOf(filter.part);
    case 'field':
      return filter.path === undefined ? [] : [filter.path.first.text];
    default:
      return [];
  }
}

function identifierOf(filter: Filter): string {
  const [identifier, ...others] = new Set(identifiersOf(filter));
  if (identifier === undefined) {
    throw new MongoFault(9, 'Cannot use an expression without a top-level field name in arrayFilters');
  }
  if (others.length > 0) {
    throw new MongoFault(
      9,
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${identifier}' and '${String(others[0])}'`,
    );
  }
  if (!IDENTIFIER.test(identifier)) {
    throw new MongoFault(
      2,
      `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${identifier}'`,
    );
  }
  return identifier;
}

/**
 * Parses the `arrayFilters` of an update.
 * @throws MongoFault 2, 9, 14
 */
export function parseArrayFilters(source: Cell | undefined): ArrayFilters {
  const filters = new Map<string, (item: Cell) => boolean>();
  if (source === undefined) return filters;
  for (const document of itemsOf(source)) {
    if (document.type !== BsonType.object) throw new MongoFault(14, 'arrayFilters must be an array of objects');
    const filter = parseFilter(document);
    const identifier = identifierOf(filter);
    if (filters.has(identifier)) {
      throw new MongoFault(9, `Found multiple array filters with the same top-level field name ${identifier}`);
    }
    const matches = compileFilter(filter);
    filters.set(identifier, (item) => matches(documentOf([[identifier, item]])));
  }
  return filters;
}

/** @throws MongoFault 9 when a filter is not mentioned in any path */
export function checkAllUsed(filters: ArrayFilters, paths: readonly string[]): void {
  for (const identifier of filters.keys()) {
    if (!paths.some((path) => path.includes(`$[${identifier}]`))) {
      throw new MongoFault(9, `The array filter for identifier '${identifier}' was not used in the update`);
    }
  }
}
