import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isSqliteBusy } from './sqlite-error.js';

/** Who holds a data directory. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/** What is kept in the directory, as its user is told. */
export type StoreKind = 'event' | 'document';

/** A second start on a data directory that is in use. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly code: `${Uppercase<StoreKind>}_STORE_IN_USE`;

  constructor(
    kind: StoreKind,
    readonly directory: string,
    readonly owner: Owner | undefined,
  ) {
    const holder = owner
      ? `process ${String(owner.pid)} on ${owner.host} since ${owner.since}`
      : 'another process that has not said its name yet';
    super(`The ${kind} store in ${directory} is in use by ${holder}. One data directory serves one process at a time.`);
    this.code = kind === 'event' ? 'EVENT_STORE_IN_USE' : 'DOCUMENT_STORE_IN_USE';
  }
}

/** Time for a predecessor that is just closing, or a new owner that is just writing down its name. */
const PATIENCE_MS = 250;

/**
 * Makes this process (and this call in it) the only owner of a directory until `release`.
 *
 * The lock is the operating system's, taken by SQLite on a file of its own. It ends with the process however that dies,
 * so that no stale lock has to be judged by process ids, which are used again. `owner.json` only serves the message.
 * Nothing else in this process may open and close `owner.lock`: POSIX drops all of a process's locks on a file when any
 * of its descriptors is closed.
 * @throws DirectoryInUseError naming the holder
 */
export function takeDirectory(kind: StoreKind, directory: string): { release(): void } {
  mkdirSync(directory, { recursive: true });
  const lock = new DatabaseSync(join(directory, 'owner.lock'), { timeout: PATIENCE_MS });
  const ownerFile = join(directory, 'owner.json');
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (isSqliteBusy(error)) throw new DirectoryInUseError(kind, directory, readOwner(ownerFile));
    throw error;
  }
  const owner: Owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  writeFileSync(ownerFile, `${JSON.stringify(owner)}\n`);
  return {
    release: () => {
      rmSync(ownerFile, { force: true });
      lock.close();
    },
  };
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    // Missing or half-written: the holder is just starting or closing. The refusal stands without the name.
    return undefined;
  }
}
