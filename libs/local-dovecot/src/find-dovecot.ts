import { accessSync, constants } from 'node:fs';

/** Where Linux distributions, Homebrew and source builds put it; a daemon is seldom on a user's search path. */
const PLACES = [
  '/usr/sbin/dovecot',
  '/usr/local/sbin/dovecot',
  '/usr/bin/dovecot',
  '/opt/homebrew/sbin/dovecot',
  '/opt/homebrew/opt/dovecot/sbin/dovecot',
  '/usr/local/opt/dovecot/sbin/dovecot',
] as const;

/** The path of the machine's Dovecot, or null where none is installed. */
export function findDovecot(): string | null {
  return PLACES.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not for us: both mean "not found"
  }
}
