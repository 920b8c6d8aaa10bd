import type { Cell } from '../bson/cell.js';
import { BsonType } from '../bson/bson-type.js';
import { entriesOf } from '../bson/elements.js';
import { MongoFault } from '../mongo-fault.js';
import type { Filter } from '../query/filter.js';
import type { Collection } from '../store/collection.js';
import { samePattern } from '../store/index-definition.js';
import type { KeyField } from '../store/index-keys.js';
import type { StoredIndex } from '../store/stored-index.js';
import { candidateOf, type IndexCandidate } from './index-candidate.js';

/** How a query is answered. */
export type Plan =
  | { readonly kind: 'table'; readonly backwards: boolean; readonly sorted: boolean }
  | {
      readonly kind: 'index';
      readonly candidate: IndexCandidate;
      readonly backwards: boolean;
      readonly sorted: boolean;
    };

/** What is asked. */
export interface Question {
  readonly filter: Filter;
  /** Empty when the order does not matter. */
  readonly sort: readonly KeyField[];
  /** An index by name or key pattern, or `{ $natural: 1 }`. */
  readonly hint?: Cell | undefined;
}

/** Entries are counted up to here to tell a narrow index from a wide one. */
const PROBE = 200;

const isNatural = (sort: readonly KeyField[]): boolean => sort.length === 1 && sort[0]?.path.text === '$natural';

/** How many entries a candidate would read, counted up to a limit. */
function probe({ index, ranges }: IndexCandidate, collection: Collection): number {
  const sql = `SELECT count(*) FROM (SELECT 1 FROM ${index.table} WHERE k >= ? AND k < ? LIMIT ?)`;
  let count = 0;
  for (const { low, high } of ranges) {
    count += Number(collection.file.get(sql, low, high, PROBE - count)?.[0]);
    if (count >= PROBE) return PROBE;
  }
  return count;
}

function hinted(collection: Collection, hint: Cell): StoredIndex | 'table' {
  if (hint.type === BsonType.object && entriesOf(hint)[0]?.[0] === '$natural') return 'table';
  const index =
    hint.type === BsonType.string
      ? collection.indexNamed(hint.toText())
      : collection.indexes.find(({ definition }) => hint.type === BsonType.object && samePattern(definition.key, hint));
  if (index === undefined) {
    throw new MongoFault(
      2,
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  }
  return index;
}

const tablePlan = (sort: readonly KeyField[], backwards: boolean): Plan => ({
  kind: 'table',
  backwards,
  sorted: sort.length === 0 || isNatural(sort),
});

const indexPlan = (candidate: IndexCandidate): Plan => ({
  kind: 'index',
  candidate,
  backwards: candidate.order === -1,
  sorted: candidate.order !== 0,
});

function planByHint(collection: Collection, { filter, sort, hint }: Question): Plan | undefined {
  if (hint === undefined) return undefined;
  const index = hinted(collection, hint);
  if (index === 'table') return tablePlan(sort, entriesOf(hint)[0]?.[1].toNumber() === -1);
  const candidate = candidateOf(index, filter, sort);
  if (candidate === undefined)
    throw new MongoFault(2, `the index "${index.name}" does not hold all documents the filter asks for`);
  return indexPlan(candidate);
}

/** The one that reads fewest entries; of equal ones the one which narrows more fields. */
function narrowest(
  candidates: readonly IndexCandidate[],
  collection: Collection,
): [IndexCandidate, number] | undefined {
  const counted = candidates.map((candidate) => [candidate, probe(candidate, collection)] as [IndexCandidate, number]);
  counted.sort(([a, x], [b, y]) => x - y || b.boundFields - a.boundFields);
  return counted[0];
}

/**
 * Chooses between narrowing and order: an index that leaves few entries wins, and they are sorted in memory; when all
 * leave many, one that reads in the wanted order wins, because a limit then ends it early and no sorting is needed.
 */
function choose(candidates: readonly IndexCandidate[], collection: Collection, sorts: boolean): Plan | undefined {
  const best = narrowest(
    candidates.filter(({ boundFields }) => boundFields > 0),
    collection,
  );
  if (!sorts) return best && indexPlan(best[0]);
  const ordered = candidates.filter(({ order }) => order !== 0).sort((a, b) => b.boundFields - a.boundFields)[0];
  if (best === undefined || ordered === undefined) return best ? indexPlan(best[0]) : ordered && indexPlan(ordered);
  const [narrow, count] = best;
  const orderedIsNarrow = ordered.boundFields > 0 && probe(ordered, collection) <= count;
  return indexPlan(count < PROBE && !orderedIsNarrow ? narrow : ordered);
}

/**
 * Decides how a query is answered: by an index where one helps, otherwise by reading the whole table.
 * @throws MongoFault 2 when a hint names no index
 */
export function planQuery(collection: Collection, question: Question): Plan {
  const { filter, sort } = question;
  const byHint = planByHint(collection, question);
  if (byHint !== undefined) return byHint;
  if (isNatural(sort)) return tablePlan(sort, sort[0]?.descending === true);
  const candidates: IndexCandidate[] = [];
  for (const index of collection.indexes) {
    const candidate = candidateOf(index, filter, sort);
    if (candidate?.single === true) return { ...indexPlan(candidate), sorted: true };
    if (candidate !== undefined) candidates.push(candidate);
  }
  const helpful = candidates.filter(({ boundFields, order }) => boundFields > 0 || (sort.length > 0 && order !== 0));
  const [only] = helpful;
  if (helpful.length === 1 && only !== undefined) return indexPlan(only);
  return choose(helpful, collection, sort.length > 0) ?? tablePlan(sort, false);
}
