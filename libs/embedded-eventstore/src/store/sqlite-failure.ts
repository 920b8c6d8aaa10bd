/** What node:sqlite throws: the primary result code is in the low byte of `errcode` (SQLite documentation, rescode). */
interface SqliteFailure extends Error {
  readonly errcode: number;
  readonly errstr: string;
}

const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** The file's content is broken, as opposed to a full disk or a missing right. */
export function isSqliteDamage(error: unknown): boolean {
  const code = primaryCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** Another connection holds the lock. */
export function isSqliteBusy(error: unknown): boolean {
  return primaryCode(error) === BUSY;
}

/** SQLite's own words. */
export function sqliteMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function primaryCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? (error as SqliteFailure).errcode & 0xff : undefined;
}
