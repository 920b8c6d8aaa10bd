import type { Cell } from '../bson/cell.js';
import { fromJs } from '../bson/from-js.js';
import { double, EMPTY_DOCUMENT } from '../bson/make-cell.js';
import { MongoFault, refuse } from '../mongo-fault.js';
import { compileFilter } from '../query/matcher.js';
import { parseFilter } from '../query/parse-filter.js';
import type { Collection } from '../store/collection.js';
import { type Command, Options } from './command.js';
import type { CommandDefinition, CommandTable, Session } from './command-table.js';
import { checkDatabaseName, checkNamespace, existingCollection, findCollection, namespaceOf } from './namespace.js';

const OK = fromJs({ ok: double(1) });

const create: CommandDefinition = {
  options: [],
  run: (command, { engine }) => {
    checkNamespace(command.db, command.collectionName);
    engine.write(() => engine.catalog.create(command.db, command.collectionName), command.writeConcern.journaled);
    return OK;
  },
};

const drop: CommandDefinition = {
  options: [],
  run: (command, session) => {
    const collection = findCollection(command, session);
    if (collection === undefined) return OK; // since MongoDB 7.0 dropping nothing is no error
    const nIndexesWas = collection.indexes.length;
    const { engine } = session;
    engine.write(() => engine.catalog.drop(collection), command.writeConcern.journaled);
    return fromJs({ nIndexesWas, ns: namespaceOf(command), ok: double(1) });
  },
};

const dropDatabase: CommandDefinition = {
  options: [],
  run: (command, { engine }) => {
    const db = checkDatabaseName(command.db);
    engine.write(() => {
      for (const collection of engine.catalog.list(db)) engine.catalog.drop(collection);
    }, command.writeConcern.journaled);
    return fromJs({ dropped: db, ok: double(1) });
  },
};

function splitNamespace(namespace: string): [db: string, name: string] {
  const dot = namespace.indexOf('.');
  const [db, name] = [namespace.slice(0, Math.max(0, dot)), namespace.slice(dot + 1)];
  checkNamespace(db, name);
  return [db, name];
}

const renameCollection: CommandDefinition = {
  options: ['to', 'dropTarget'],
  run: (command, { engine }) => {
    const [db, name] = splitNamespace(command.collectionName);
    const [targetDb, targetName] = splitNamespace(command.required('to', command.text('to')));
    if (db !== targetDb) refuse('renaming a collection into another database');
    const collection = engine.catalog.find(db, name);
    if (collection === undefined) throw new MongoFault(26, `Source collection ${db}.${name} does not exist`);
    if (name === targetName) throw new MongoFault(20, "Can't rename a collection to itself");
    engine.write(
      () => engine.catalog.rename(collection, targetName, command.flag('dropTarget')),
      command.writeConcern.journaled,
    );
    return OK;
  },
};

const describe = ({ name, idIndex }: Collection, nameOnly: boolean): Cell =>
  fromJs({
    name,
    type: 'collection',
    ...(!nameOnly && { options: {}, info: { readOnly: false }, idIndex: idIndex.definition.spec }),
  });

/** The documents that pass the `filter` of a listing command. */
function filtered(command: Command, documents: readonly Cell[]): Cell[] {
  const matches = compileFilter(parseFilter(command.document('filter') ?? EMPTY_DOCUMENT));
  return documents.filter((document) => matches(document));
}

/** A listing as a cursor: short lists, given in batches of the size the client asks for. */
function openList(command: Command, { cursors }: Session, namespace: string, documents: Cell[]): Cell {
  const cursor = new Options(`${command.name}.cursor`, command.document('cursor') ?? EMPTY_DOCUMENT);
  cursor.checkNames(['batchSize']);
  const stream = { next: () => documents.shift(), pause: () => undefined };
  const batchSize = cursor.count('batchSize');
  return cursors.open({ namespace, collection: undefined, stream, batchSize, session: command.session });
}

const listCollections: CommandDefinition = {
  options: ['filter', 'nameOnly', 'cursor'],
  run: (command, session) => {
    const db = checkDatabaseName(command.db);
    const nameOnly = command.flag('nameOnly');
    const documents = session.engine.catalog.list(db).map((collection) => describe(collection, nameOnly));
    return openList(command, session, `${db}.$cmd.listCollections`, filtered(command, documents));
  },
};

const listIndexes: CommandDefinition = {
  options: ['cursor'],
  run: (command, session) => {
    const specs = existingCollection(command, session).indexes.map(({ definition }) => definition.spec);
    return openList(command, session, namespaceOf(command), specs);
  },
};

const listDatabases: CommandDefinition = {
  options: ['filter', 'nameOnly'],
  run: (command, { engine }) => {
    const nameOnly = command.flag('nameOnly');
    const totalSize = engine.file.size;
    // All databases share one file, so a size of each alone cannot be told
    const databases = engine.catalog
      .databases()
      .map((name) => fromJs(nameOnly ? { name } : { name, sizeOnDisk: totalSize, empty: false }));
    return fromJs({ databases: filtered(command, databases), ...(!nameOnly && { totalSize }), ok: double(1) });
  },
};

const sizeOf = (collection: Collection | undefined): number =>
  collection === undefined ? 0 : Number(collection.file.get(`SELECT total(length(doc)) FROM ${collection.table}`)?.[0]);

const collStats: CommandDefinition = {
  options: ['scale'],
  run: (command, session) => {
    const collection = findCollection(command, session);
    const size = sizeOf(collection);
    return fromJs({
      ns: namespaceOf(command),
      count: collection?.count ?? 0,
      size,
      storageSize: size,
      nindexes: collection?.indexes.length ?? 0,
      ok: double(1),
    });
  },
};

const dbStats: CommandDefinition = {
  options: ['scale', 'freeStorage'],
  run: (command, { engine }) => {
    const collections = engine.catalog.list(checkDatabaseName(command.db));
    const dataSize = collections.reduce((sum, collection) => sum + sizeOf(collection), 0);
    return fromJs({
      db: command.db,
      collections: collections.length,
      objects: collections.reduce((sum, { count }) => sum + count, 0),
      dataSize,
      storageSize: dataSize,
      indexes: collections.reduce((sum, { indexes }) => sum + indexes.length, 0),
      ok: double(1),
    });
  },
};

/** Commands about collections and databases. */
export const CATALOG_COMMANDS: CommandTable = {
  create,
  drop,
  dropDatabase,
  renameCollection,
  listCollections,
  listIndexes,
  listDatabases,
  collStats,
  collstats: collStats,
  dbStats,
  dbstats: dbStats,
};
