import { planQuery, type Plan, type Question } from '../plan/planner.js';
import { openSource, type RowSource, type StoredDocument } from '../plan/row-source.js';
import type { TimeBudget } from '../plan/time-budget.js';
import type { Collection } from '../store/collection.js';
import { type ArrayHit, compileFilter, type Matcher } from './matcher.js';
import { MemorySort } from './memory-sort.js';

/** A question with its paging. */
export interface Search extends Question {
  readonly skip: number;
  /** Infinity for all. */
  readonly limit: number;
  readonly budget: TimeBudget;
}

/** A document that was found, and the array item by which it matched, or -1. */
export interface Found extends StoredDocument {
  readonly hitIndex: number;
}

/** Documents one by one; between batches it is paused (see `RowSource`). */
export interface FoundDocuments {
  next(): Found | undefined;
  pause(): void;
}

const BYTES_OF_A_ROW_NUMBER = 8;

/** Documents that pass a filter, in the order of the source. */
class Filtered implements FoundDocuments {
  private readonly matches: Matcher;
  private readonly hit: ArrayHit = { index: -1 };

  constructor(
    private readonly source: RowSource,
    search: Search,
  ) {
    this.matches = compileFilter(search.filter);
  }

  next(): Found | undefined {
    for (let stored = this.source.next(); stored !== undefined; stored = this.source.next()) {
      this.hit.index = -1;
      if (this.matches(stored.document, this.hit)) return { ...stored, hitIndex: this.hit.index };
    }
    return undefined;
  }

  pause(): void {
    this.source.pause();
  }
}

/** Reads everything at the first call, keeps sort keys and row numbers only, and fetches the documents again. */
class Sorted implements FoundDocuments {
  private order: { rid: number; hitIndex: number }[] | undefined;
  private position = 0;

  constructor(
    private readonly source: FoundDocuments,
    private readonly collection: Collection,
    private readonly search: Search,
  ) {}

  next(): Found | undefined {
    this.order ??= this.sort();
    for (let entry = this.order[this.position++]; entry !== undefined; entry = this.order[this.position++]) {
      const document = this.collection.document(entry.rid);
      if (document !== undefined) return { ...entry, document };
    }
    return undefined;
  }

  pause(): void {
    this.source.pause();
  }

  private sort(): { rid: number; hitIndex: number }[] {
    const { sort, skip, limit } = this.search;
    const sorter = new MemorySort<{ rid: number; hitIndex: number }>(sort, skip + limit);
    for (let found = this.source.next(); found !== undefined; found = this.source.next()) {
      const { rid, hitIndex, document } = found;
      sorter.add(document, { rid, hitIndex }, BYTES_OF_A_ROW_NUMBER);
    }
    this.source.pause();
    return sorter.finish();
  }
}

class Page implements FoundDocuments {
  private skipped = 0;
  private given = 0;

  constructor(
    private readonly source: FoundDocuments,
    private readonly skip: number,
    private readonly limit: number,
  ) {}

  next(): Found | undefined {
    if (this.given >= this.limit) return undefined;
    for (; this.skipped < this.skip; this.skipped++) if (this.source.next() === undefined) return undefined;
    this.given++;
    return this.source.next();
  }

  pause(): void {
    this.source.pause();
  }
}

/**
 * Finds documents: by an index where one helps, filtered, ordered, paged. Nothing is read before the first `next`.
 * @throws MongoFault 2 for a hint that names no index
 */
export function findDocuments(collection: Collection, search: Search): FoundDocuments {
  const plan = planQuery(collection, search);
  const filtered = new Filtered(openSource(collection, plan, search.budget), search);
  const ordered = plan.sorted ? filtered : new Sorted(filtered, collection, search);
  return search.skip === 0 && search.limit === Infinity ? ordered : new Page(ordered, search.skip, search.limit);
}

/** All documents found, as row numbers: what an update or delete of many works through. */
export function findRows(collection: Collection, search: Search): Omit<Found, 'document'>[] {
  const documents = findDocuments(collection, search);
  const rows: Omit<Found, 'document'>[] = [];
  try {
    for (let found = documents.next(); found !== undefined; found = documents.next()) {
      rows.push({ rid: found.rid, hitIndex: found.hitIndex });
    }
  } finally {
    documents.pause();
  }
  return rows;
}

/** The first document found. */
export function findFirst(collection: Collection, search: Omit<Search, 'limit' | 'skip'>): Found | undefined {
  const documents = findDocuments(collection, { ...search, skip: 0, limit: 1 });
  try {
    return documents.next();
  } finally {
    documents.pause();
  }
}

/** How many documents pass: counted by SQLite alone where the index entries say it. */
export function countDocuments(collection: Collection, search: Search): number {
  if (isEverything(search)) return paged(collection.count, search);
  const plan = planQuery(collection, search);
  if (plan.kind === 'index' && plan.candidate.exact) return paged(countEntries(collection, plan.candidate), search);
  const documents = findDocuments(collection, search);
  let count = 0;
  try {
    while (documents.next() !== undefined) count++;
  } finally {
    documents.pause();
  }
  return count;
}

const isEverything = ({ filter, hint }: Search): boolean =>
  hint === undefined && filter.kind === 'and' && filter.parts.length === 0;

const paged = (count: number, { skip, limit }: Search): number => Math.min(Math.max(0, count - skip), limit);

function countEntries(
  collection: Collection,
  { index, ranges }: Extract<Plan, { kind: 'index' }>['candidate'],
): number {
  const sql = `SELECT count(*) FROM ${index.table} WHERE k >= ? AND k < ?`;
  return ranges.reduce((sum, { low, high }) => sum + Number(collection.file.get(sql, low, high)?.[0]), 0);
}
