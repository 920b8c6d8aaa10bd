import { createHash } from 'node:crypto';
import { mailFacts } from './mail-facts.js';

/** A mail in a mailbox, as Graph sees it. */
export interface StoredMail {
  /** Survives moves inside the mailbox (outlook-immutable-id.md). */
  readonly immutableId: string;
  readonly source: Buffer;
  /** Whole seconds: that is how exact Graph is. */
  readonly receivedAt: Date;
  readonly internetMessageId: string;
  readonly subject: string;
  readonly sender: { readonly name: string; readonly address: string };
  folder: string;
  isRead: boolean;
}

/** What delta answers are made of. */
export interface MailChange {
  readonly mail: StoredMail;
  readonly folder: string;
  /** `gone`: it left that folder, by deletion or by a move. */
  readonly kind: 'there' | 'gone';
  readonly reason?: 'deleted' | 'changed';
}

export const INBOX = 'inbox';

/** One person's mailbox: mails in folders, and a journal of what changed. Nothing here is told who reads it. */
export class SimulatedMailbox {
  readonly journal: MailChange[] = [];
  /** Delta tokens of another epoch have expired; those of another run of the simulator too. */
  epoch = Date.now();
  private delivered = 0;
  private readonly mails = new Map<string, StoredMail>();

  /** @returns the immutable id; the same deliveries in a new simulator get the same ones */
  deliver(source: Buffer, receivedAt: Date, folder = INBOX): string {
    const place = `${this.delivered++} ${receivedAt.toISOString()} `;
    const immutableId = `AAkALg${createHash('sha512').update(place).update(source).digest('base64url')}=`;
    const mail: StoredMail = {
      immutableId,
      source,
      receivedAt: new Date(Math.floor(receivedAt.getTime() / 1_000) * 1_000),
      ...mailFacts(source, immutableId),
      folder,
      isRead: false,
    };
    this.mails.set(immutableId, mail);
    this.journal.push({ mail, folder, kind: 'there' });
    return immutableId;
  }

  find(id: string): StoredMail | null {
    return this.mails.get(id) ?? [...this.mails.values()].find((mail) => mutableIdOf(mail) === id) ?? null;
  }

  inFolder(folder: string): StoredMail[] {
    return [...this.mails.values()].filter((mail) => mail.folder === folder);
  }

  everywhere(): StoredMail[] {
    return [...this.mails.values()];
  }

  /** Every mail, wherever it is; to see that a reader changed nothing. */
  snapshot(): readonly Pick<StoredMail, 'immutableId' | 'folder' | 'isRead'>[] {
    return [...this.mails.values()].map(({ immutableId, folder, isRead }) => ({ immutableId, folder, isRead }));
  }

  markRead(id: string, isRead = true): void {
    const mail = this.required(id);
    mail.isRead = isRead;
    this.journal.push({ mail, folder: mail.folder, kind: 'there' });
  }

  move(id: string, folder: string): void {
    const mail = this.required(id);
    this.journal.push({ mail, folder: mail.folder, kind: 'gone', reason: 'changed' });
    mail.folder = folder;
    this.journal.push({ mail, folder, kind: 'there' });
  }

  remove(id: string): void {
    const mail = this.required(id);
    this.mails.delete(id);
    this.journal.push({ mail, folder: mail.folder, kind: 'gone', reason: 'deleted' });
  }

  /** Outlook keeps delta tokens in a cache without a fixed lifetime: now it has forgotten them all. */
  expireDeltaTokens(): void {
    this.epoch += 1;
  }

  private required(id: string): StoredMail {
    const mail = this.mails.get(id);
    if (!mail) throw new Error(`There is no mail ${id}.`);
    return mail;
  }
}

/** The id that calls without `Prefer: IdType="ImmutableId"` see: another one in every folder. */
export function mutableIdOf({ immutableId, folder }: StoredMail): string {
  return `AAMkAG${createHash('sha256').update(`${immutableId} ${folder}`).digest('base64url')}=`;
}

/** Every mailbox has these and calls them so in paths, whatever its language; the others go by id (resources/mailfolder.md). */
const WELL_KNOWN = [INBOX, 'junkemail', 'deleteditems', 'sentitems', 'drafts'];

export const folderIdOf = (folder: string): string => `AQMk${Buffer.from(folder).toString('base64url')}`;

/** The folder of a path's id or well-known name; null: there is none. */
export function folderOf(idOrName: string): string | null {
  if (WELL_KNOWN.includes(idOrName)) return idOrName;
  const folder = Buffer.from(idOrName.slice(4), 'base64url').toString();
  return idOrName === folderIdOf(folder) ? folder : null;
}
