/** Primary result codes (https://sqlite.org/rescode.html). */
const BUSY = 5;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

function primaryCode(error: unknown): number | undefined {
  const code: unknown = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined; // the low byte of an extended code is the primary one
}

/** Whether another connection holds a lock. */
export const isSqliteBusy = (error: unknown): boolean => primaryCode(error) === BUSY;

/** Whether the disk is full. */
export const isSqliteFull = (error: unknown): boolean => primaryCode(error) === FULL;

/** Whether the file is damaged or no database, as opposed to a full disk or a missing right. */
export function isSqliteDamage(error: unknown): boolean {
  const code = primaryCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}
