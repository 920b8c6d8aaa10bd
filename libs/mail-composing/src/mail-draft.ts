import { type Readable } from 'node:stream';

export interface Mailbox {
  /** Display name in any script; empty: none. */
  readonly name: string;
  readonly address: string;
}

/** A mail as its author means it. Blind recipients are no part of it: no header of the result may name them. */
export interface MailDraft {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly subject: string;
  /** Plain text; lines may end in LF or CRLF. null: none. */
  readonly text: string | null;
  /** HTML; images of the mail are named `cid:…`. null: none. */
  readonly html: string | null;
  readonly attachments: readonly Attachment[];
  /** With angle brackets. */
  readonly messageId: string;
  readonly date: Date;
  /** What it answers: Message-ID of that mail, with angle brackets; null: nothing. */
  readonly inReplyTo: string | null;
  /** The thread so far, oldest first, each with angle brackets (RFC 5322, 3.6.4). */
  readonly references: readonly string[];
  /** Header fields of the application's own; names and values in ASCII. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Attachment {
  /** As it is to be called when saved; in any script. */
  readonly name: string;
  /** Media type, without parameters. */
  readonly type: string;
  readonly content: Buffer | Readable;
  /** Without angle brackets; by it the HTML names an image that is part of the mail. null: an ordinary attachment. */
  readonly contentId: string | null;
}
