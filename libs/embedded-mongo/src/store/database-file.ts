import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isSqliteDamage } from '@libs/sqlite-directory';
import { DamagedStoreError } from './damaged-store.error.js';
import { prepareDataFile } from './data-file.js';

export type Durability = 'normal' | 'full';

/** A value as SQLite stores it. */
export type SqlValue = number | string | Uint8Array | null;
/** One row, as an array of its columns. */
export type Row = readonly SqlValue[];

/** Files up to this size are checked page by page at start; larger ones would make the start slow. */
const FULL_CHECK_LIMIT = 64 * 1024 * 1024;

/** A prepared statement and whether an unfinished iteration occupies it. */
interface Prepared {
  readonly statement: StatementSync;
  busy: boolean;
}

/** An iteration over rows that must be ended with `close` unless it was read to its end. */
export interface RowReader {
  /** The next row, or undefined after the last one. */
  next(): Row | undefined;
  close(): void;
}

/**
 * The SQLite file of a data directory: one connection, which owns the file while it is open. WAL with `synchronous`
 * NORMAL survives the death of the process; FULL also survives a power cut (https://sqlite.org/pragma.html).
 */
export class DatabaseFile {
  readonly path: string;
  private readonly connection: DatabaseSync;
  private readonly prepared = new Map<string, Prepared[]>();

  /**
   * The directory must be owned already (`takeDirectory`).
   * @throws DamagedStoreError
   */
  constructor(
    directory: string,
    private readonly durability: Durability,
  ) {
    this.path = prepareDataFile(directory);
    this.connection = new DatabaseSync(this.path, { returnArrays: true });
    try {
      this.configure();
    } catch (error) {
      this.connection.close();
      throw isSqliteDamage(error) ? new DamagedStoreError(this.path, errorText(error), { cause: error }) : error;
    }
  }

  /** Runs statements that return nothing. */
  exec(sql: string): void {
    this.connection.exec(sql);
  }

  /** Runs a statement and tells how many rows it changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return Number(this.idle(sql).statement.run(...values).changes);
  }

  /** The first row, or undefined. */
  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.idle(sql).statement.get(...values) as Row | undefined;
  }

  /** Reads rows one by one, so that no more than one is in memory. */
  read(sql: string, ...values: SqlValue[]): RowReader {
    const prepared = this.idle(sql);
    prepared.busy = true;
    const rows = prepared.statement.iterate(...values);
    const close = (): void => {
      if (!prepared.busy) return;
      prepared.busy = false;
      rows.return?.();
    };
    return {
      close,
      next: () => {
        const step = rows.next();
        if (step.done !== true) return step.value as unknown as Row;
        close();
        return undefined;
      },
    };
  }

  /** All rows. For results known to be small. */
  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.idle(sql).statement.all(...values) as unknown as Row[];
  }

  /**
   * Runs `work` in one transaction: all of it is stored when this returns, or nothing when it throws.
   * @param flush waits for the disk even if the durability is normal (`{ j: true }` of a write concern)
   */
  transaction<Result>(work: () => Result, flush = false): Result {
    const raise = flush && this.durability === 'normal';
    if (raise) this.exec('PRAGMA synchronous = FULL');
    try {
      this.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.exec('COMMIT');
        return result;
      } catch (error) {
        this.exec('ROLLBACK');
        throw error;
      }
    } finally {
      if (raise) this.exec('PRAGMA synchronous = NORMAL');
    }
  }

  /** Forgets the prepared statements of a table that is about to be dropped. */
  forget(table: string): void {
    for (const sql of this.prepared.keys()) if (sql.includes(table)) this.prepared.delete(sql);
  }

  /** Bytes of the file as SQLite counts them. */
  get size(): number {
    const [pages = 0] = this.get('PRAGMA page_count') ?? [];
    const [pageSize = 0] = this.get('PRAGMA page_size') ?? [];
    return Number(pages) * Number(pageSize);
  }

  close(): void {
    this.prepared.clear();
    this.connection.close();
  }

  private configure(): void {
    // EXCLUSIVE must come before the first access, so that the lock is held for good and no shared memory is needed
    this.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
    this.exec(`PRAGMA synchronous = ${this.durability === 'full' ? 'FULL' : 'NORMAL'}`);
    this.exec('PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF');
    this.exec('BEGIN EXCLUSIVE; COMMIT');
    this.checkPages();
  }

  private checkPages(): void {
    if (statSync(this.path).size > FULL_CHECK_LIMIT) return;
    const [report] = this.get('PRAGMA quick_check(1)') ?? [];
    if (report !== 'ok') throw new DamagedStoreError(this.path, String(report));
  }

  private idle(sql: string): Prepared {
    const list = this.prepared.get(sql) ?? [];
    const free = list.find(({ busy }) => !busy);
    if (free !== undefined) return free;
    const made: Prepared = { statement: this.connection.prepare(sql), busy: false };
    list.push(made);
    this.prepared.set(sql, list);
    return made;
  }
}

const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));
