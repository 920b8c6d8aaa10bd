/**
 * Whether a mail that somebody misses is on the mail server, and where (R36, R37, R39).
 *
 * Guarantees every implementation gives (test/contracts/mail-finder):
 * - nothing on the server changes: no flag, no deletion, no move;
 * - of mails nothing is read but dates and the headers From and Message-ID;
 * - what is looked at is bounded in number, and `complete` says whether that was enough for the whole INBOX;
 * - it fails with a GatewayError and nothing else, and ends soon after `signal` is aborted.
 */
export interface MailFinder {
  find(wanted: WantedMail, signal: AbortSignal): Promise<Findings>;
}

/**
 * By its Message-ID, brackets included; or by the days in which it was received, and a hint of who sent it, by which a
 * server may narrow: what is found then is for the caller to compare.
 */
export type WantedMail =
  { readonly messageId: string } | { readonly from: string; readonly since: Date; readonly until: Date };

export interface Findings {
  readonly found: readonly FoundMail[];
  /** The whole INBOX was looked through: what is not found is not there. */
  readonly complete: boolean;
  /** Other folders were looked into as well, all or the most likely ones. */
  readonly otherFolders: boolean;
}

export type MailPlace = 'inbox' | 'junk' | 'trash' | 'other';

export interface FoundMail {
  readonly place: MailPlace;
  /** What the folder is called there; null: it is the INBOX, or has no name. */
  readonly folder: string | null;
  readonly receivedAt: Date | null;
  /** Brackets included. */
  readonly messageId: string | null;
  readonly from: { readonly name: string; readonly address: string } | null;
}
