import { bufferOf } from './charset/decode-text.js';
import { HeaderBlock, messageStart } from './mime/header-block.js';
import { normalizedHash } from './normalized-hash.js';
import { limitsOf, type ParseOptions } from './parse-limits.js';
import { summarizeMail, type MailSummary } from './summarize-mail.js';

/**
 * What makes two mails in one mailbox the same mail, whichever protocol brought them.
 *
 * IMAP, POP3 and Gmail hand over what the server received, but for line ends, the end of the last line and trace headers
 * (Received, Delivered-To, X-…): all four fields are equal there. Microsoft Graph writes the MIME anew
 * (learn.microsoft.com/graph/outlook-get-mime-message): the headers keep their meaning and the body changes its bytes,
 * so `contentHash` is to be left out of the comparison when one of the two came from there.
 */
export interface MailIdentity {
  /** As in `MailSummary`. */
  readonly messageId: string | null;
  /** The Date header as an instant in UTC (ISO 8601, seconds), so that another zone is the same date; else its text. */
  readonly date: string | null;
  /** The first From address in lower case. */
  readonly from: string | null;
  /** SHA-256, hex, of the body with CRLF line ends and without white space at the end; headers are not in it. */
  readonly contentHash: string;
}

/**
 * @param summary the mail's summary when it is at hand; otherwise it is made
 * @throws MailUnreadable when the message is beyond the limits, nothing else
 */
export function contentIdentity(source: Uint8Array, summary?: MailSummary, options?: ParseOptions): MailIdentity {
  const bytes = bufferOf(source);
  const headers = HeaderBlock.read(bytes, messageStart(bytes), bytes.length, limitsOf(options).headerBytes);
  return identityOf(summary ?? summarizeMail(source, options), bytes.subarray(headers.end));
}

/** The same for a message whose body has been found. */
export function identityOf({ messageId, date, from }: MailSummary, body: Buffer): MailIdentity {
  return {
    messageId,
    date: date.instant === null ? date.raw : `${date.instant.toISOString().slice(0, 19)}Z`,
    from: from === null || from.address === '' ? null : from.address.toLowerCase(),
    contentHash: normalizedHash(body),
  };
}
