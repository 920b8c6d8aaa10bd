import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DamagedStoreError } from './damaged-store.error.js';

const FILE_NAME = 'documents.sqlite';
/** "HMDB" in the file header's application id: tells our files from other SQLite databases. */
const APPLICATION_ID = 0x484d4442;
const FORMAT_VERSION = 1;
/** Measured: documents of 20 KB are written almost twice as fast as with SQLite's default of 4096. */
const PAGE_SIZE = 8192;
const HEADER_SIZE = 100;
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

/**
 * Makes the data file if there is none, and looks at it before SQLite does, so that a foreign or broken file is refused
 * untouched.
 * @returns the path of the file
 * @throws DamagedStoreError
 */
export function prepareDataFile(directory: string): string {
  const path = join(directory, FILE_NAME);
  if (!existsSync(path)) create(path);
  checkHeader(path);
  return path;
}

/** Made under another name and renamed when it is complete, so that a crash leaves no half of a file. */
function create(path: string): void {
  if (hasLog(path)) throw new DamagedStoreError(path, 'it is gone, but its log is there');
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const database = new DatabaseSync(draft);
  database.exec(`PRAGMA page_size = ${String(PAGE_SIZE)}; BEGIN; ${SCHEMA}`);
  database.exec(`PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = ${String(FORMAT_VERSION)}`);
  database.exec('COMMIT');
  database.close();
  renameSync(draft, path);
}

const hasLog = (path: string): boolean => existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;

/** The fields of the header (https://sqlite.org/fileformat.html, "The Database Header"). */
function checkHeader(path: string): void {
  const header = readHeader(path);
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new DamagedStoreError(path, 'its header is not one of SQLite');
  }
  const [version, application] = [header.readUInt32BE(60), header.readUInt32BE(68)];
  if (application !== APPLICATION_ID) throw new DamagedStoreError(path, 'it belongs to another program');
  if (version !== FORMAT_VERSION) throw new DamagedStoreError(path, `it has format version ${String(version)}`);
  const needed = header.readUInt32BE(28) * header.readUInt16BE(16);
  if (!hasLog(path) && statSync(path).size < needed) throw new DamagedStoreError(path, 'it has been cut off');
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER_SIZE);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, HEADER_SIZE, 0);
  } finally {
    closeSync(file);
  }
  return header;
}
