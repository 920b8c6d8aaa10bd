import { BsonType } from '../bson/bson-type.js';
import type { Cell } from '../bson/cell.js';
import { itemsOf } from '../bson/elements.js';
import { fromJs } from '../bson/from-js.js';
import { double } from '../bson/make-cell.js';
import { shortText } from '../bson/to-text.js';
import { MongoFault } from '../mongo-fault.js';
import { type Collection, isIdIndex } from '../store/collection.js';
import { parseIndexDefinition, samePattern } from '../store/index-definition.js';
import type { StoredIndex } from '../store/stored-index.js';
import type { CommandDefinition, CommandTable } from './command-table.js';
import { checkNamespace, existingCollection } from './namespace.js';

const createIndexes: CommandDefinition = {
  options: ['indexes', 'commitQuorum'],
  run: (command, { engine }) => {
    const { db, collectionName } = command;
    checkNamespace(db, collectionName);
    const definitions = command.documents('indexes').map(parseIndexDefinition);
    if (definitions.length === 0) throw new MongoFault(2, 'Must specify at least one index to create');
    const existed = engine.catalog.find(db, collectionName) !== undefined;
    return engine.write(() => {
      const collection = engine.catalog.findOrCreate(db, collectionName);
      const numIndexesBefore = collection.indexes.length;
      const made = definitions.filter((definition) => engine.catalog.createIndex(collection, definition));
      return fromJs({
        numIndexesBefore,
        numIndexesAfter: collection.indexes.length,
        createdCollectionAutomatically: !existed,
        note: made.length === 0 ? 'all indexes already exist' : undefined,
        ok: double(1),
      });
    }, command.writeConcern.journaled);
  },
};

/** The indexes which one value of `index` means: a name, `*`, or a key pattern. */
function indexesNamed(collection: Collection, wanted: Cell): readonly StoredIndex[] {
  if (wanted.type === BsonType.string && wanted.toText() === '*')
    return collection.indexes.filter((index) => !isIdIndex(index));
  const found =
    wanted.type === BsonType.string
      ? collection.indexNamed(wanted.toText())
      : collection.indexes.find(
          ({ definition }) => wanted.type === BsonType.object && samePattern(definition.key, wanted),
        );
  if (found === undefined) {
    throw new MongoFault(
      27,
      wanted.type === BsonType.string
        ? `index not found with name [${wanted.toText()}]`
        : `can't find index with key: ${shortText(wanted)}`,
    );
  }
  if (isIdIndex(found)) throw new MongoFault(72, 'cannot drop _id index');
  return [found];
}

const dropIndexes: CommandDefinition = {
  options: ['index'],
  run: (command, session) => {
    const collection = existingCollection(command, session);
    const wanted = command.required('index', command.get('index'));
    const names = wanted.type === BsonType.array ? itemsOf(wanted) : [wanted];
    const nIndexesWas = collection.indexes.length;
    const dropped = new Set(names.flatMap((name) => indexesNamed(collection, name)));
    session.engine.write(() => {
      for (const index of dropped) collection.dropIndex(index);
    }, command.writeConcern.journaled);
    return fromJs({ nIndexesWas, ok: double(1) });
  },
};

/** Commands about indexes. */
export const INDEX_COMMANDS: CommandTable = { createIndexes, dropIndexes };
