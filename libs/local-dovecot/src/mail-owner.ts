import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Under which account Dovecot reads mail. It refuses root, so a server started by root reads as somebody else. */
export interface MailOwner {
  readonly uid: number;
  readonly gid: number;
  readonly startedByRoot: boolean;
}

/** Nobody's number on the usual systems; Dovecot wants a number, not an account that exists. */
const MAIL_ACCOUNT = 5000;

export function mailOwner(): MailOwner {
  const { uid, gid } = userInfo();
  return uid === 0 ? { uid: MAIL_ACCOUNT, gid: MAIL_ACCOUNT, startedByRoot: true } : { uid, gid, startedByRoot: false };
}

/** Makes a directory (and those above it) that the mail account may write to. */
export function makeMailDirectory(path: string, owner: MailOwner): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o755 });
  if (first === undefined || !owner.startedByRoot) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) chownSync(made, owner.uid, owner.gid);
}

/**
 * Where mail wanted in `directory` is really kept. Started by root, the mail account must be able to walk there;
 * under a private directory (/root, a mkdtemp) it cannot, and then a directory of the system's temporary one takes
 * its place: always the same for the same `directory`, so mail outlives a restart of the program.
 * Throws if somebody else owns that place.
 */
export function reachableMailDirectory(directory: string, owner: MailOwner): string {
  const wanted = resolve(directory);
  if (!owner.startedByRoot || isReachableByAll(wanted)) return wanted;
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const place = join(tmpdir(), `local-dovecot-mail-${name}`);
  mkdirSync(place, { recursive: true, mode: 0o755 });
  const found = lstatSync(place);
  if (!found.isDirectory() || (found.uid !== 0 && found.uid !== owner.uid)) {
    throw new Error(`${place} belongs to somebody else; remove it or give another directory`);
  }
  return place;
}

function isReachableByAll(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    const found = statSync(at, { throwIfNoEntry: false });
    if (found && (found.mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
