import { MongoFault } from '../mongo-fault.js';
import type { Collection } from '../store/collection.js';
import type { Command } from './command.js';
import type { Session } from './command-table.js';

const DB_NAME = /^[^/\\. "$*<>:|?\0]{1,63}$/;
const MAX_NAMESPACE_BYTES = 255;

/** @throws MongoFault 73 */
export function checkDatabaseName(db: string): string {
  if (!DB_NAME.test(db)) throw new MongoFault(73, `Invalid database name: '${db}'`);
  return db;
}

/** @throws MongoFault 73 */
export function checkNamespace(db: string, name: string): void {
  checkDatabaseName(db);
  const isInvalid =
    name === '' ||
    name.startsWith('.') ||
    name.includes('$') ||
    name.includes('\0') ||
    name.startsWith('system.') ||
    Buffer.byteLength(`${db}.${name}`) > MAX_NAMESPACE_BYTES;
  if (isInvalid) throw new MongoFault(73, `Invalid namespace specified '${db}.${name}'`);
}

/** The collection a command names; undefined when there is none. */
export function findCollection(command: Command, { engine }: Session): Collection | undefined {
  checkNamespace(command.db, command.collectionName);
  return engine.catalog.find(command.db, command.collectionName);
}

/** The collection a command names. @throws MongoFault 26 */
export function existingCollection(command: Command, session: Session): Collection {
  const collection = findCollection(command, session);
  if (collection === undefined) throw new MongoFault(26, `ns does not exist: ${namespaceOf(command)}`);
  return collection;
}

export const namespaceOf = (command: Command): string => `${command.db}.${command.collectionName}`;
