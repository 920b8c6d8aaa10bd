import { documentOf } from '../bson/bson-writer.js';
import type { Cell } from '../bson/cell.js';
import { NULL } from '../bson/make-cell.js';
import { valueText } from '../bson/to-text.js';
import { readDocument } from '../bson/validate-bson.js';
import { MongoFault } from '../mongo-fault.js';
import { compileFilter, type Matcher } from '../query/matcher.js';
import type { DatabaseFile } from './database-file.js';
import { type IndexDefinition, parseIndexDefinition } from './index-definition.js';
import { KeyMaker } from './index-keys.js';

/** The index every collection has. Its specification does not show that it is unique; MongoDB's neither. */
export const ID_INDEX_NAME = '_id_';

/** One index of one collection: a SQLite table of encoded keys, each with the row of its document. */
export class StoredIndex {
  readonly table: string;
  readonly keyMaker: KeyMaker;
  readonly unique: boolean;
  /** Bit i is set once field i of some document led through an array; never cleared. */
  arrays: number;
  private readonly covers: Matcher | undefined;
  private readonly insertSql: string;
  private readonly deleteSql: string;

  constructor(
    private readonly file: DatabaseFile,
    readonly id: number,
    readonly definition: IndexDefinition,
    arrays: number,
  ) {
    this.table = `index_${String(id)}`;
    this.keyMaker = new KeyMaker(definition.fields);
    this.unique = definition.unique || definition.name === ID_INDEX_NAME;
    this.arrays = arrays;
    this.covers = definition.partial && compileFilter(definition.partial.filter);
    this.insertSql = `INSERT OR IGNORE INTO ${this.table} (k, rid) VALUES (?, ?)`;
    this.deleteSql = `DELETE FROM ${this.table} WHERE k = ? AND rid = ?`;
  }

  /** Reads a row of the table `indexes`. */
  static load(file: DatabaseFile, id: number, spec: Uint8Array, arrays: number): StoredIndex {
    const bytes = Buffer.from(spec.buffer, spec.byteOffset, spec.byteLength);
    return new StoredIndex(file, id, parseIndexDefinition(readDocument(bytes)), arrays);
  }

  get name(): string {
    return this.definition.name;
  }

  /** Makes the table that holds the entries. */
  createTable(): void {
    const primaryKey = this.unique ? 'PRIMARY KEY (k)' : 'PRIMARY KEY (k, rid)';
    this.file.exec(
      `CREATE TABLE ${this.table} (k BLOB NOT NULL, rid INTEGER NOT NULL, ${primaryKey}) STRICT, WITHOUT ROWID`,
    );
  }

  dropTable(): void {
    this.file.forget(this.table);
    this.file.exec(`DROP TABLE ${this.table}`);
  }

  /**
   * The keys under which this index holds a document; none when it is sparse or partial and leaves it out. Notes when
   * a document is the first to lead through an array.
   */
  keysOf(document: Cell): readonly Buffer[] {
    if (this.covers !== undefined && !this.covers(document)) return [];
    const { keys, arrays, present } = this.keyMaker.keysOf(document);
    if (this.definition.sparse && !present) return [];
    if ((arrays & ~this.arrays) !== 0) this.noteArrays(arrays);
    return keys;
  }

  /** Adds an entry; false when the index is unique and another document has this key. */
  add(key: Buffer, rid: number): boolean {
    return this.file.run(this.insertSql, key, rid) === 1;
  }

  remove(key: Buffer, rid: number): void {
    this.file.run(this.deleteSql, key, rid);
  }

  /** The error of a second document with the same key, in MongoDB's form. */
  duplicateKey(namespace: string, document: Cell, key: Buffer): MongoFault {
    const values = this.keyMaker.valuesOf(document, key);
    const keyValue = documentOf(
      this.definition.fields.map(({ path }, index) => [path.text, values[index] ?? NULL] as const),
    );
    const text = `E11000 duplicate key error collection: ${namespace} index: ${this.name} dup key: ${valueText(keyValue)}`;
    return new MongoFault(11000, text, { keyPattern: this.definition.key, keyValue });
  }

  private noteArrays(arrays: number): void {
    this.arrays |= arrays;
    this.file.run('UPDATE indexes SET arrays = ? WHERE id = ?', this.arrays, this.id);
  }
}
