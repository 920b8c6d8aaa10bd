import { Cell } from '../bson/cell.js';
import type { Collection } from '../store/collection.js';
import type { Row, RowReader, SqlValue } from '../store/database-file.js';
import type { IndexCandidate, KeyRange } from './index-candidate.js';
import type { Plan } from './planner.js';
import type { TimeBudget } from './time-budget.js';

/** A document and the row it lies in. */
export interface StoredDocument {
  readonly rid: number;
  readonly document: Cell;
}

/**
 * Documents one by one, from the table or by an index. Between two batches of a cursor nothing is kept but the place
 * where it stopped, so that an open cursor costs no memory and blocks no writer; what is written in the meantime may or
 * may not be seen, as MongoDB has it.
 */
export interface RowSource {
  next(): StoredDocument | undefined;
  /** Ends the current read; the next call of `next` goes on behind the last document. */
  pause(): void;
}

const documentIn = (value: SqlValue | undefined): Cell => {
  const bytes = value as Uint8Array;
  return Cell.document(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
};

class TableSource implements RowSource {
  private reader: RowReader | undefined;
  private last: number;

  constructor(
    private readonly collection: Collection,
    private readonly backwards: boolean,
    private readonly budget: TimeBudget,
  ) {
    this.last = backwards ? Number.MAX_SAFE_INTEGER : -1;
  }

  next(): StoredDocument | undefined {
    this.budget.tick();
    const { table, file } = this.collection;
    const sql = this.backwards
      ? `SELECT rid, doc FROM ${table} WHERE rid < ? ORDER BY rid DESC`
      : `SELECT rid, doc FROM ${table} WHERE rid > ? ORDER BY rid`;
    this.reader ??= file.read(sql, this.last);
    const row = this.reader.next();
    if (row === undefined) return undefined;
    this.last = row[0] as number;
    return { rid: this.last, document: documentIn(row[1]) };
  }

  pause(): void {
    this.budget.pause();
    this.reader?.close();
    this.reader = undefined;
  }
}

class IndexSource implements RowSource {
  private reader: RowReader | undefined;
  private readonly ranges: readonly KeyRange[];
  private rangeAt = 0;
  /** The last entry that was read in the current range. */
  private last: { key: Buffer; rid: number } | undefined;

  constructor(
    private readonly collection: Collection,
    private readonly candidate: IndexCandidate,
    private readonly backwards: boolean,
    private readonly budget: TimeBudget,
  ) {
    this.ranges = backwards ? [...candidate.ranges].reverse() : candidate.ranges;
  }

  next(): StoredDocument | undefined {
    for (;;) {
      this.budget.tick();
      const row = this.nextRow();
      if (row === undefined) return undefined;
      const [, rid, bytes] = row;
      const found = { rid: rid as number, document: documentIn(bytes) };
      if (this.isFirstHit(found.document)) return found;
    }
  }

  pause(): void {
    this.budget.pause();
    this.reader?.close();
    this.reader = undefined;
  }

  private nextRow(): Row | undefined {
    for (let range = this.ranges[this.rangeAt]; range !== undefined; range = this.ranges[++this.rangeAt]) {
      this.reader ??= this.open(range);
      const row = this.reader.next();
      if (row !== undefined) {
        const key = row[0] as Uint8Array;
        this.last = { key: Buffer.from(key.buffer, key.byteOffset, key.byteLength), rid: row[1] as number };
        return row;
      }
      this.reader = undefined;
      this.last = undefined;
    }
    return undefined;
  }

  private open({ low, high }: KeyRange): RowReader {
    const { table, file } = this.collection;
    const select = `SELECT e.k, e.rid, d.doc FROM ${this.candidate.index.table} e CROSS JOIN ${table} d ON d.rid = e.rid`;
    const order = this.backwards ? 'ORDER BY e.k DESC, e.rid DESC' : 'ORDER BY e.k, e.rid';
    if (this.last === undefined) return file.read(`${select} WHERE e.k >= ? AND e.k < ? ${order}`, low, high);
    const { key, rid } = this.last;
    return this.backwards
      ? file.read(`${select} WHERE e.k >= ? AND (e.k, e.rid) < (?, ?) ${order}`, low, key, rid)
      : file.read(`${select} WHERE (e.k, e.rid) > (?, ?) AND e.k < ? ${order}`, key, rid, high);
  }

  /**
   * A document with an array has several entries; it is given where the first of them lies. That is found out from the
   * document itself, so that no list of documents already seen is needed.
   */
  private isFirstHit(document: Cell): boolean {
    const { index, ranges } = this.candidate;
    if (index.arrays === 0 || this.last === undefined) return true;
    const keys = index.keysOf(document).filter((key) => ranges.some((range) => isWithin(key, range)));
    const sign = this.backwards ? -1 : 1;
    const { key: current } = this.last;
    return !keys.some((key) => key.compare(current) * sign < 0);
  }
}

const isWithin = (key: Buffer, { low, high }: KeyRange): boolean => key.compare(low) >= 0 && key.compare(high) < 0;

/** Starts to read what a plan says. */
export function openSource(collection: Collection, plan: Plan, budget: TimeBudget): RowSource {
  return plan.kind === 'table'
    ? new TableSource(collection, plan.backwards, budget)
    : new IndexSource(collection, plan.candidate, plan.backwards, budget);
}
