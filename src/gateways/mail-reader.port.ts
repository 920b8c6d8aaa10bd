/**
 * What the inbox needs of a mail system, whichever it is (R36–R38): the INBOX, read and never changed.
 *
 * Guarantees every implementation gives (test/contracts/mail-reader):
 * - nothing on the server changes: no flag, no deletion, no move;
 * - only the INBOX itself is read, no folder below or beside it;
 * - every mail that the server received at or after `since` and that lies behind `cursor` is yielded exactly
 *   once a pass, byte for byte as the server holds it;
 * - a batch's cursor stands for everything yielded up to and including that batch, so a reader started with it
 *   yields exactly the rest;
 * - every pass yields at least one batch, without mails if there are none, so that its cursor gets known;
 * - memory is bounded by two batches (the next is fetched while one is worked on), however many mails the INBOX holds;
 * - it fails with a GatewayError and nothing else, and ends soon after `signal` is aborted.
 */
export interface MailReader {
  /** Yields what is new behind the cursor, oldest first. Throws CursorInvalid when the cursor's world is gone. */
  changesSince(request: ReadRequest): AsyncIterable<MailBatch>;
}

/** Where a reader goes on. Opaque to everybody but the reader that made it; plain JSON, stored in events. */
export type Cursor = ImapCursor | Pop3Cursor | GmailCursor | GraphCursor;
export interface ImapCursor {
  readonly protocol: 'imap';
  /** RFC 3501 2.3.1.1; decimal digits, because it is a 32-bit number that libraries hand over as bigint. */
  readonly uidValidity: string;
  readonly lastUid: number;
}
export interface Pop3Cursor {
  readonly protocol: 'pop3';
  /** A short hash of every unique id seen, the skipped mails' included (RFC 1939, 7: UIDL), in the INBOX's order. */
  readonly uidls: readonly string[];
  /** How many more were seen and are not listed, for an event must not grow with the INBOX; they stood before these. */
  readonly older?: number;
}
export interface GraphCursor {
  readonly protocol: 'graph';
  /** The delta link, or within a round the next link, by which the changes are followed (delta-query-overview.md). */
  readonly link: string;
  /** While past mail is imported: the instant that the list has reached; `link` then waits for its end. */
  readonly from?: string;
  /** Short ids of the mails at that place (of that second, of that page) that are in already. */
  readonly done?: readonly string[];
}
export interface GmailCursor {
  readonly protocol: 'gmail';
  /** Where the mailbox's history is read on from (users.history.list: startHistoryId). */
  readonly historyId: string;
  /** What of the mails that were there before is still to come; absent: nothing. */
  readonly backfill?: GmailBackfill;
}
export interface GmailBackfill {
  /** Seconds since 1970: every mail received before is in. */
  readonly from: number;
  /** Seconds since 1970: when reading began. What was received later comes by the history as well. */
  readonly began: number;
  /** Of the mails received before `to` (null: of all others), those up to this id are in too. */
  readonly slice?: { readonly to: number | null; readonly after: string };
  /** About how many are still to come. */
  readonly left: number;
  /** RFC 3339; see MailBatch.oldestOnServer. */
  readonly oldest: string | null;
}

export interface ReadRequest {
  /** null: everything since `since`. */
  readonly cursor: Cursor | null;
  /** Mails received before this instant are not wanted (R29). */
  readonly since: Date;
  readonly signal: AbortSignal;
}

export interface MailBatch {
  readonly mails: readonly FetchedMail[];
  /** What the server would not hand over after three tries; kept and counted, never dropped. */
  readonly unreadable: readonly UnreadableMail[];
  readonly cursor: Cursor;
  /** Known from the first batch of a pass on: how many mails this pass will yield in all. */
  readonly found: number;
  /**
   * When the oldest mail that the server still holds in its INBOX was received (R30), if the pass began without a
   * cursor; null: the INBOX is empty, or the pass began behind a cursor and did not look.
   */
  readonly oldestOnServer: Date | null;
  /**
   * Present where the provider writes the MIME anew at every reading, so that its bytes prove nothing: what the mailbox
   * is called there. Within it the locator is the mail's identity.
   */
  readonly regeneratedBy?: string;
  /**
   * Present where bytes are original and locators last: the name of the world in which a locator never stands for another
   * mail, by which a mail on the record need not be fetched to be recognised.
   */
  readonly locatedIn?: string;
  /** Mails of the import that were not fetched because the caller has them on the record. */
  readonly alreadyKnown?: number;
}

export interface FetchedMail {
  /** Where the provider keeps it. It only locates (see regeneratedBy); identity comes from the content. */
  readonly locator: string;
  /** As the server holds it. */
  readonly source: Buffer;
  /** When the mail server received it: INTERNALDATE, or the topmost Received header. */
  readonly receivedAt: Date;
}

export interface UnreadableMail {
  readonly locator: string;
  readonly receivedAt: Date | null;
  readonly reason: string;
}
