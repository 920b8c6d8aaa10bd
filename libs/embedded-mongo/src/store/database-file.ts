import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { DamagedStoreError } from './damaged-store.error.js';
import { isDamage } from './sqlite-error.js';

export type Durability = 'normal' | 'full';

/** A value as SQLite stores it. */
export type SqlValue = number | string | Uint8Array | null;
/** One row, as an array of its columns. */
export type Row = readonly SqlValue[];

/** "HMDB" in the file header's application id: tells our files from other SQLite databases. */
const APPLICATION_ID = 0x484d4442;
const FORMAT_VERSION = 1;
const FILE_NAME = 'documents.sqlite';
const HEADER_SIZE = 100;
/** Measured: documents of 20 KB are written almost twice as fast as with SQLite's default of 4096. */
const PAGE_SIZE = 8192;
/** The catalogue; documents and index entries have tables of their own, made with their collection or index. */
const SCHEMA = `
  CREATE TABLE collections (id INTEGER PRIMARY KEY, db TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (db, name)) STRICT;
  CREATE TABLE indexes (
    id INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL REFERENCES collections (id),
    spec BLOB NOT NULL,
    arrays INTEGER NOT NULL DEFAULT 0 -- bit i: field i of some document led through an array
  ) STRICT;
`;
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
   * The directory must be owned already (`directory-owner.ts`).
   * @throws DamagedStoreError
   */
  constructor(
    directory: string,
    private readonly durability: Durability,
  ) {
    this.path = join(directory, FILE_NAME);
    checkHeader(this.path);
    this.connection = new DatabaseSync(this.path, { returnArrays: true });
    try {
      this.configure();
    } catch (error) {
      this.connection.close();
      throw this.asDamage(error);
    }
  }

  /** The error, named after the file if it says that the file is damaged. */
  asDamage(error: unknown): unknown {
    return isDamage(error) ? new DamagedStoreError(this.path, errorText(error), { cause: error }) : error;
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
    this.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = ${String(PAGE_SIZE)}; PRAGMA journal_mode = WAL`);
    this.exec(`PRAGMA synchronous = ${this.durability === 'full' ? 'FULL' : 'NORMAL'}`);
    this.exec('PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF');
    this.exec('BEGIN EXCLUSIVE; COMMIT');
    if (this.get('PRAGMA user_version')?.[0] === 0) this.create();
    else this.checkPages();
  }

  private create(): void {
    this.transaction(() => {
      this.exec(`PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = ${String(FORMAT_VERSION)}`);
      this.exec(SCHEMA);
    });
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

/** Looks at the first bytes before SQLite does, so that a foreign or broken file is refused untouched. */
function checkHeader(path: string): void {
  const size = existsSync(path) ? statSync(path).size : 0;
  if (size === 0) {
    const log = `${path}-wal`;
    if (existsSync(log) && statSync(log).size > 0) throw new DamagedStoreError(path, 'it is empty, but its log is not');
    return;
  }
  const header = Buffer.alloc(HEADER_SIZE);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, HEADER_SIZE, 0);
  } finally {
    closeSync(file);
  }
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw new DamagedStoreError(path, 'its header is not SQLite');
  const [version, application] = [header.readUInt32BE(60), header.readUInt32BE(68)];
  if (version > FORMAT_VERSION) throw new DamagedStoreError(path, `format version ${String(version)}`);
  // Both numbers are written with the first tables; until that is copied from the log, the file is a single page
  const isFresh = application === 0 && size <= PAGE_SIZE;
  if (!isFresh && application !== APPLICATION_ID) throw new DamagedStoreError(path, 'it belongs to another program');
}
