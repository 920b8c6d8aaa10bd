import { Cell } from '../bson/cell.js';
import type { DatabaseFile, SqlValue } from './database-file.js';
import type { IndexDefinition } from './index-definition.js';
import { ID_INDEX_NAME, StoredIndex } from './stored-index.js';

/** An index entry. */
type Entry = readonly [index: StoredIndex, key: Buffer];

const asDocument = (value: SqlValue | undefined): Cell => {
  const bytes = value as Uint8Array;
  return Cell.document(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
};

const keySet = (entries: readonly Entry[]): Set<string> =>
  new Set(entries.map(([index, key]) => `${String(index.id)}:${key.toString('latin1')}`));

/** The entries of `entries` that are not in `others`. */
function without(entries: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
  const excluded = keySet(others);
  return entries.filter(([index, key]) => !excluded.has(`${String(index.id)}:${key.toString('latin1')}`));
}

/** One collection: a SQLite table of documents in the order they came, and its indexes. Memory does not grow with it. */
export class Collection {
  readonly table: string;
  /** Always starts with the index on `_id`. */
  indexes: readonly StoredIndex[];
  /** Whether it is gone; a cursor may still hold it. */
  isDropped = false;
  private lastRid: number | undefined;
  private knownCount: number | undefined;

  constructor(
    readonly file: DatabaseFile,
    readonly id: number,
    readonly db: string,
    public name: string,
    indexes: readonly StoredIndex[],
  ) {
    this.table = `documents_${String(id)}`;
    this.indexes = indexes;
  }

  get namespace(): string {
    return `${this.db}.${this.name}`;
  }

  get idIndex(): StoredIndex {
    return this.indexes[0] as StoredIndex;
  }

  indexNamed(name: string): StoredIndex | undefined {
    return this.indexes.find((index) => index.name === name);
  }

  /** How many documents there are; counted once, then kept. */
  get count(): number {
    this.knownCount ??= Number(this.file.get(`SELECT count(*) FROM ${this.idIndex.table}`)?.[0]);
    return this.knownCount;
  }

  /** The document of a row, or undefined when it is gone. */
  document(rid: number): Cell | undefined {
    const row = this.file.get(`SELECT doc FROM ${this.table} WHERE rid = ?`, rid);
    return row && asDocument(row[0]);
  }

  /** @throws MongoFault 11000 when a unique index has the key already; nothing is stored then */
  insert(document: Cell): void {
    const entries = this.entriesOf(document);
    const rid = this.nextRid();
    this.addEntries(entries, rid, document);
    this.file.run(`INSERT INTO ${this.table} (rid, doc) VALUES (?, ?)`, rid, document.bytes);
    if (this.knownCount !== undefined) this.knownCount++;
  }

  /** @throws MongoFault 11000 when a unique index has a new key already; nothing is changed then */
  replace(rid: number, before: Cell, after: Cell): void {
    const old = this.entriesOf(before);
    const now = this.entriesOf(after);
    this.addEntries(without(now, old), rid, after);
    for (const [index, key] of without(old, now)) index.remove(key, rid);
    this.file.run(`UPDATE ${this.table} SET doc = ? WHERE rid = ?`, after.bytes, rid);
  }

  remove(rid: number, document: Cell): void {
    for (const [index, key] of this.entriesOf(document)) index.remove(key, rid);
    this.file.run(`DELETE FROM ${this.table} WHERE rid = ?`, rid);
    if (this.knownCount !== undefined) this.knownCount--;
  }

  /** @throws MongoFault 11000 when documents there are already break its uniqueness */
  addIndex(definition: IndexDefinition): void {
    this.file.run('INSERT INTO indexes (collection, spec) VALUES (?, ?)', this.id, definition.spec.bytes);
    const id = Number(this.file.get('SELECT last_insert_rowid()')?.[0]);
    const index = new StoredIndex(this.file, id, definition, 0);
    index.createTable();
    const rows = this.file.read(`SELECT rid, doc FROM ${this.table}`);
    try {
      for (let row = rows.next(); row !== undefined; row = rows.next()) {
        const document = asDocument(row[1]);
        const rid = row[0] as number;
        this.addEntries(
          index.keysOf(document).map((key) => [index, key] as const),
          rid,
          document,
        );
      }
    } finally {
      rows.close();
    }
    this.indexes = [...this.indexes, index];
  }

  dropIndex(index: StoredIndex): void {
    this.file.run('DELETE FROM indexes WHERE id = ?', index.id);
    index.dropTable();
    this.indexes = this.indexes.filter((other) => other !== index);
  }

  /** Makes the tables of a collection that is new. */
  createTables(idDefinition: IndexDefinition): void {
    this.file.exec(`CREATE TABLE ${this.table} (rid INTEGER PRIMARY KEY, doc BLOB NOT NULL) STRICT`);
    this.addIndex(idDefinition);
  }

  dropTables(): void {
    this.isDropped = true;
    for (const index of this.indexes) index.dropTable();
    this.file.run('DELETE FROM indexes WHERE collection = ?', this.id);
    this.file.forget(this.table);
    this.file.exec(`DROP TABLE ${this.table}`);
  }

  /** Reads the newest document: notices at the start when the table cannot be read. */
  probe(): void {
    this.file.get(`SELECT doc FROM ${this.table} ORDER BY rid DESC LIMIT 1`);
  }

  /** Forgets what was counted: after a transaction that was rolled back. */
  forgetCounts(): void {
    this.lastRid = undefined;
    this.knownCount = undefined;
  }

  private nextRid(): number {
    this.lastRid ??= Number(this.file.get(`SELECT max(rid) FROM ${this.table}`)?.[0] ?? 0);
    return ++this.lastRid;
  }

  /** All index entries of a document, those of unique indexes first. */
  private entriesOf(document: Cell): readonly Entry[] {
    const entries: Entry[] = [];
    for (const unique of [true, false]) {
      for (const index of this.indexes) {
        if (index.unique === unique) for (const key of index.keysOf(document)) entries.push([index, key]);
      }
    }
    return entries;
  }

  /** Adds entries; takes them back and throws when one is a duplicate. */
  private addEntries(entries: readonly Entry[], rid: number, document: Cell): void {
    entries.forEach(([index, key], position) => {
      if (index.add(key, rid)) return;
      for (const [other, added] of entries.slice(0, position)) other.remove(added, rid);
      throw index.duplicateKey(this.namespace, document, key);
    });
  }
}

/** Whether an index is the one on `_id`. */
export const isIdIndex = (index: StoredIndex): boolean => index.name === ID_INDEX_NAME;
