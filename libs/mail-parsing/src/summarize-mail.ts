import { type Address, parseAddresses } from './header/addresses.js';
import { cutText } from './header/cut-text.js';
import { displayLine, headerText } from './header/header-text.js';
import { parseMailDate } from './header/mail-date.js';
import { messageIdOf, messageIdsOf } from './header/message-ids.js';
import { headerLine } from './header/unfold.js';
import { previewOf } from './message/preview.js';
import { hasVisibleAttachments } from './message/visible-attachments.js';
import { ParsedMessage } from './message/parsed-message.js';
import { type ParseOptions } from './parse-limits.js';

export interface MailDate {
  /** The Date header on one line, at most 200 characters; null without one. */
  readonly raw: string | null;
  /** What it names; null when it cannot be read. Never guessed from the clock. */
  readonly instant: Date | null;
}

/** What a list needs to know of a mail. All text is well-formed, on one line, without control characters. */
export interface MailSummary {
  /** As written, brackets included; of several headers the first. null when there is none. */
  readonly messageId: string | null;
  readonly inReplyTo: string | null;
  /** Oldest first; at most the last 100. */
  readonly references: readonly string[];
  readonly date: MailDate;
  /** When the last server took the mail in, by the topmost Received header; null without a readable one. */
  readonly receivedAt: Date | null;
  /** The first author; null without one. */
  readonly from: Address | null;
  /** At most 2,000, as in `cc`. */
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /** At most 1,000 characters. */
  readonly subject: string;
  /** The first 200 characters of the text, else of the HTML without its tags. */
  readonly preview: string;
  /** Whether there is something to download; images that the body shows and signatures do not count. */
  readonly hasAttachments: boolean;
  /** Bytes of the source. */
  readonly size: number;
}

/** More than any person writes, or any list shows; headers may have megabytes. */
const SUBJECT_LENGTH = 1_000;

/**
 * Reads what lists need: headers, the beginning of the body, and where parts begin and end. Attachments are not decoded.
 * The same bytes always give the same summary. Holds no reference to the source.
 *
 * @throws MailUnreadable when the message is beyond the limits, nothing else
 */
export function summarizeMail(source: Uint8Array, options?: ParseOptions): MailSummary {
  return summarize(new ParsedMessage(source, options));
}

/** The same for a message whose parts have been located already. */
export function summarize(message: ParsedMessage): MailSummary {
  const { headers } = message.root;
  return {
    messageId: messageIdOf(headers.first('message-id')),
    inReplyTo: messageIdsOf(headers.first('in-reply-to'))[0] ?? null,
    references: messageIdsOf(headers.first('references')),
    date: dateOf(headers.first('date')),
    receivedAt: receivedAt(headers.first('received')),
    from: parseAddresses(headers.first('from'), message.reading, 1)[0] ?? null,
    to: message.addresses('to'),
    cc: message.addresses('cc'),
    subject: cutText(headerText(headers.first('subject'), message.label, message.limits.encodedWords), SUBJECT_LENGTH),
    preview: previewOf(message),
    hasAttachments: hasVisibleAttachments(message),
    size: message.source.length,
  };
}

function dateOf(raw: string | null): MailDate {
  if (raw === null) return { raw: null, instant: null };
  const text = displayLine(headerLine(raw, null)).slice(0, 200).toWellFormed();
  return { raw: text, instant: parseMailDate(text) };
}

/** RFC 5321, 4.4: the date follows the last semicolon. */
function receivedAt(raw: string | null): Date | null {
  const text = headerLine(raw ?? '', null);
  const semicolon = text.lastIndexOf(';');
  return semicolon === -1 ? null : parseMailDate(text.slice(semicolon + 1), 0);
}
