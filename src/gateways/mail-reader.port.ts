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
export type Cursor = ImapCursor | Pop3Cursor;
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
}

export interface FetchedMail {
  /** Where the provider keeps it. It only locates; identity comes from the content. */
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
