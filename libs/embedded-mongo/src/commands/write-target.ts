import type { Cell } from '../bson/cell.js';
import { findRows, type Search } from '../query/find-documents.js';
import type { Collection } from '../store/collection.js';
import type { Update } from '../update/parse-update.js';
import type { Command } from './command.js';
import type { Session } from './command-table.js';
import { checkNamespace } from './namespace.js';
import { prepareInsert } from './prepare-insert.js';

/** The collection a write is for. MongoDB makes one on the first insert, not for an update or delete of nothing. */
export interface WriteTarget {
  existing(): Collection | undefined;
  made(): Collection;
}

/** @throws MongoFault 73 */
export function writeTarget(command: Command, { engine }: Session): WriteTarget {
  const { db, collectionName } = command;
  checkNamespace(db, collectionName);
  return {
    existing: () => engine.catalog.find(db, collectionName),
    made: () => engine.catalog.findOrCreate(db, collectionName),
  };
}

/** Applies an update to one document; gives the new version, or undefined when nothing changed. */
export function updateRow(
  collection: Collection,
  rid: number,
  document: Cell,
  update: Update,
  hitIndex: number,
): Cell | undefined {
  const after = update.apply(document, hitIndex);
  if (after.isIdentical(document)) return undefined;
  collection.replace(rid, document, after);
  return after;
}

/** Inserts what an upsert makes of its filter and update. @throws MongoFault 11000 and those of the operators */
export function insertByUpsert(target: WriteTarget, { filter }: Pick<Search, 'filter'>, update: Update): Cell {
  const document = prepareInsert(update.insertion(filter));
  target.made().insert(document);
  return document;
}

/** Deletes what a search finds and tells how many documents that were. */
export function deleteFound(collection: Collection, search: Search): number {
  const rows = findRows(collection, search);
  for (const { rid } of rows) {
    const document = collection.document(rid);
    if (document !== undefined) collection.remove(rid, document);
  }
  return rows.length;
}
