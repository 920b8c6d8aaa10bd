import { documentOf } from '../bson/bson-writer.js';
import { int32, string } from '../bson/make-cell.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import { Collection } from './collection.js';
import type { DatabaseFile } from './database-file.js';
import { type IndexDefinition, isSameIndex, parseIndexDefinition } from './index-definition.js';
import { ID_INDEX_NAME, StoredIndex } from './stored-index.js';

const ID_DEFINITION = parseIndexDefinition(
  documentOf([
    ['key', documentOf([['_id', int32(1)]])],
    ['name', string(ID_INDEX_NAME)],
  ]),
);

/** Which collections and indexes there are. Every method that changes something must run inside a transaction. */
export class Catalog {
  private collections = new Map<string, Collection>();

  constructor(private readonly file: DatabaseFile) {
    this.load();
  }

  find(db: string, name: string): Collection | undefined {
    return this.collections.get(`${db}.${name}`);
  }

  /** The collections of a database by name. */
  list(db: string): readonly Collection[] {
    return [...this.collections.values()]
      .filter((collection) => collection.db === db)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** All collections. */
  all(): readonly Collection[] {
    return [...this.collections.values()];
  }

  /** The databases which have a collection, by name. */
  databases(): readonly string[] {
    return [...new Set(this.all().map(({ db }) => db))].sort();
  }

  /** @throws MongoFault 48 when it exists */
  create(db: string, name: string): Collection {
    if (this.find(db, name) !== undefined) throw new MongoFault(48, `Collection ${db}.${name} already exists.`);
    this.file.run('INSERT INTO collections (db, name) VALUES (?, ?)', db, name);
    const id = Number(this.file.get('SELECT last_insert_rowid()')?.[0]);
    const collection = new Collection(this.file, id, db, name, []);
    collection.createTables(ID_DEFINITION);
    this.collections.set(collection.namespace, collection);
    return collection;
  }

  /** The collection, made when it is not there: MongoDB makes one on first use. */
  findOrCreate(db: string, name: string): Collection {
    return this.find(db, name) ?? this.create(db, name);
  }

  drop(collection: Collection): void {
    collection.dropTables();
    this.file.run('DELETE FROM collections WHERE id = ?', collection.id);
    this.collections.delete(collection.namespace);
  }

  /** Gives a collection another name, in place of one which has it if `dropTarget` says so. */
  rename(collection: Collection, name: string, dropTarget: boolean): void {
    const target = this.find(collection.db, name);
    if (target !== undefined && !dropTarget) throw new MongoFault(48, 'target namespace exists');
    if (target !== undefined) this.drop(target);
    this.collections.delete(collection.namespace);
    this.file.run('UPDATE collections SET name = ? WHERE id = ?', name, collection.id);
    collection.name = name;
    this.collections.set(collection.namespace, collection);
  }

  /**
   * Makes an index unless there is the same one.
   * @returns whether it was made
   * @throws MongoFault 85 or 86 when another one stands in its way, 11000 when the documents break its uniqueness
   */
  createIndex(collection: Collection, definition: IndexDefinition): boolean {
    if (isIdPattern(definition)) {
      if (definition.fields[0]?.descending === true) refuse('a descending index on _id');
      return false;
    }
    const twin = collection.indexes.find((index) => isSameIndex(index.definition, definition));
    const namesake = collection.indexNamed(definition.name);
    if (namesake !== undefined && namesake !== twin) {
      throw new MongoFault(
        86,
        `An existing index has the same name as the requested index. When index names are not specified, they are ` +
          `auto generated and can cause conflicts. Requested index: ${definition.name}`,
      );
    }
    if (twin === undefined) {
      collection.addIndex(definition);
      return true;
    }
    if (twin.name !== definition.name) {
      throw new MongoFault(85, `Index already exists with a different name: ${twin.name}`);
    }
    if (twin.definition.expireAfterSeconds !== definition.expireAfterSeconds) {
      throw new MongoFault(
        85,
        `An equivalent index already exists with the same name but different options: ${twin.name}`,
      );
    }
    return false;
  }

  /** Reads everything anew: at start, and after a transaction that was rolled back. */
  load(): void {
    const previous = new Map(this.all().map((collection) => [collection.id, collection]));
    this.collections = new Map();
    for (const [id, db, name] of this.file.all('SELECT id, db, name FROM collections')) {
      const indexes = this.loadIndexes(id as number);
      const known = previous.get(id as number);
      const collection = known ?? new Collection(this.file, id as number, db as string, name as string, indexes);
      collection.name = name as string;
      collection.indexes = indexes;
      collection.isDropped = false;
      collection.forgetCounts();
      this.collections.set(collection.namespace, collection);
    }
  }

  private loadIndexes(collection: number): readonly StoredIndex[] {
    return this.file
      .all('SELECT id, spec, arrays FROM indexes WHERE collection = ? ORDER BY id', collection)
      .map(([id, spec, arrays]) => StoredIndex.load(this.file, id as number, spec as Uint8Array, arrays as number));
  }
}

const isIdPattern = ({ fields }: IndexDefinition): boolean => fields.length === 1 && fields[0]?.path.text === '_id';
