import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type MailOwner, makeMailDirectory } from './mail-owner.js';

export type Flag = 'seen' | 'answered' | 'flagged' | 'deleted' | 'draft';

export interface Delivery {
  /** `INBOX` (default) or a folder beside it; a dot or slash separates levels; ASCII only. */
  readonly folder?: string;
  /** What IMAP reports as INTERNALDATE; whole seconds. Default: now. */
  readonly internalDate?: Date;
  readonly flags?: readonly Flag[];
}

/** One mail as it lies in the Maildir: compare two lists of these to prove that nothing changed. */
export interface MaildirEntry {
  readonly folder: string;
  /** The part of the file name that never changes. */
  readonly id: string;
  readonly flags: readonly Flag[];
  /** Not yet seen by any mail program at all: IMAP's \Recent. */
  readonly recent: boolean;
  /** Bytes. */
  readonly size: number;
  readonly internalDate: Date;
}

const LETTERS: Readonly<Record<Flag, string>> = { draft: 'D', flagged: 'F', answered: 'R', seen: 'S', deleted: 'T' };
const FLAGS = Object.keys(LETTERS) as Flag[];

/** One user's mail on disk in Maildir++ layout (cr.yp.to/proto/maildir.html), written as a delivery agent would. */
export class Maildir {
  #delivered = 0;
  readonly #started = Math.floor(Date.now() / 1000);

  constructor(
    readonly path: string,
    private readonly owner: MailOwner,
  ) {
    this.#makeFolder('INBOX');
  }

  /**
   * Delivers one mail; it is visible when this returns. `source` should have CRLF line ends: Dovecot hands a bare
   * LF out as CRLF.
   */
  deliver(source: Uint8Array, delivery: Delivery = {}): void {
    const folder = this.#makeFolder(delivery.folder ?? 'INBOX');
    const name = this.#nextName(source);
    const temporary = join(folder, 'tmp', name);
    writeFileSync(temporary, source, { mode: 0o644 });
    const date = delivery.internalDate ?? new Date();
    utimesSync(temporary, date, date); // Dovecot takes the file's mtime for INTERNALDATE
    const flags = FLAGS.filter((flag) => delivery.flags?.includes(flag)).map((flag) => LETTERS[flag]);
    const target = flags.length > 0 ? join(folder, 'cur', `${name}:2,${flags.join('')}`) : join(folder, 'new', name);
    renameSync(temporary, target);
  }

  /** Every mail of every folder, sorted by folder and id. */
  snapshot(): MaildirEntry[] {
    const folders = readdirSync(this.path).filter((name) => name.startsWith('.'));
    const entries = ['', ...folders].flatMap((folder) => [
      ...this.#entries(folder, 'new', true),
      ...this.#entries(folder, 'cur', false),
    ]);
    const key = (entry: MaildirEntry): string => `${entry.folder} ${entry.id}`;
    return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  /** Removes one mail of the INBOX, as another mail program would. */
  remove(id: string): void {
    for (const part of ['new', 'cur']) {
      const directory = join(this.path, part);
      for (const name of readdirSync(directory)) if (name.startsWith(id)) rmSync(join(directory, name));
    }
  }

  /** Gives the INBOX another UIDVALIDITY and its mails new UIDs, as a restore from a backup does. */
  resetUidValidity(): void {
    const list = join(this.path, 'dovecot-uidlist');
    if (!existsSync(list)) return; // nobody has opened it: nobody knows a UIDVALIDITY of it
    const before = Number(/ V(\d+)/.exec(readFileSync(list, 'ascii'))?.[1] ?? this.#started);
    for (const name of readdirSync(this.path)) if (name.startsWith('dovecot')) rmSync(join(this.path, name));
    // version 3, validity, next UID (doc.dovecot.org/2.3, "Maildir mailbox format": uidlist)
    writeFileSync(list, `3 V${before + 1} N1\n`, { mode: 0o666 });
  }

  #entries(folder: string, part: 'new' | 'cur', recent: boolean): MaildirEntry[] {
    const directory = join(this.path, folder, part);
    return readdirSync(directory).map((name) => {
      const [id = '', letters = ''] = name.split(':2,');
      const { size, mtime } = statSync(join(directory, name));
      const flags = FLAGS.filter((flag) => letters.includes(LETTERS[flag]));
      return { folder: folder.slice(1) || 'INBOX', id, flags, recent, size, internalDate: mtime };
    });
  }

  /** Sorts in the order of delivery, which is the order in which Dovecot gives UIDs; size as it is and with CRLF. */
  #nextName(source: Uint8Array): string {
    const order = String(this.#delivered++).padStart(7, '0');
    const unique = `${process.pid}_${Date.now().toString(36)}`;
    return `${Math.floor(Date.now() / 1000)}.M${order}P${unique}.local,S=${source.length},W=${virtualSize(source)}`;
  }

  #makeFolder(name: string): string {
    const folder = name === 'INBOX' ? this.path : join(this.path, `.${name.replaceAll('/', '.')}`);
    for (const part of ['tmp', 'new', 'cur']) makeMailDirectory(join(folder, part), this.owner);
    return folder;
  }
}

/** Size in bytes once every line ends in CRLF: what IMAP calls RFC822.SIZE. */
function virtualSize(source: Uint8Array): number {
  let size = source.length;
  for (let at = source.indexOf(10); at >= 0; at = source.indexOf(10, at + 1)) if (source[at - 1] !== 13) size++;
  return size;
}
