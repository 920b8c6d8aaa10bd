import { type Address } from './header/addresses.js';
import { sanitizeMailHtml, type RemoteContent } from './html/sanitize-mail-html.js';
import { attachmentSources } from './message/attachment-sources.js';
import { bodyOf } from './message/body-text.js';
import { referencedContentIds } from './message/content-ids.js';
import { ParsedMessage } from './message/parsed-message.js';
import { safeFileName } from './message/safe-file-name.js';
import { type ParseOptions } from './parse-limits.js';
import { summarize, type MailSummary } from './summarize-mail.js';

export interface MailAttachment {
  /** Its address for `attachmentContent`; the same for the same bytes, for ever. */
  readonly index: number;
  /** Safe to show and to save; never empty. */
  readonly name: string;
  /** Media type as declared; not to be served as such, for it may lie. */
  readonly type: string;
  /** Bytes after decoding. */
  readonly size: number;
  /** Without angle brackets. */
  readonly contentId: string | null;
  /** Shown by the HTML body (or the signature of the message), so not worth a place in the list of downloads. */
  readonly inline: boolean;
}

export interface ReadableMail extends MailSummary {
  /** Where the author wants the answer (RFC 5322, 3.6.2); empty: to `from`. At most 2,000. */
  readonly replyTo: readonly Address[];
  /** The plain text, lines ending in LF; null when the mail is HTML only, or has no text at all. */
  readonly text: string | null;
  /** The HTML as sent: NEVER to be shown. null when there is none. */
  readonly html: string | null;
  /** The HTML as it may be shown (`sanitizeMailHtml`); null when there is none. */
  readonly safeHtml: string | null;
  /** How many remote resources `safeHtml` was freed from. */
  readonly blockedRemote: number;
  readonly attachments: readonly MailAttachment[];
}

export interface ReadOptions extends ParseOptions {
  /** Whether images on other servers may be loaded, which tells their owner who reads when. Default 'block'. */
  readonly remoteContent?: RemoteContent;
  /**
   * Where the application serves attachments; `{index}` stands for the attachment's index, e.g.
   * `/messages/42/attachments/{index}`. Without it, images inside the mail are not shown.
   */
  readonly attachmentUrl?: string;
}

/**
 * Reads a mail as a person does: texts, safe HTML, and what is attached.
 *
 * @throws MailUnreadable when the message is beyond the limits, nothing else
 */
export function readMail(source: Uint8Array, options: ReadOptions = {}): ReadableMail {
  const message = new ParsedMessage(source, options);
  const { text, html } = bodyOf(message);
  const attachments = listAttachments(message, html);
  const safe = html === null ? null : sanitize(html, attachments, options);
  return {
    ...summarize(message),
    replyTo: message.addresses('reply-to'),
    text,
    html,
    safeHtml: safe?.html ?? null,
    blockedRemote: safe?.blockedRemote ?? 0,
    attachments,
  };
}

function listAttachments(message: ParsedMessage, html: string | null): MailAttachment[] {
  const shown = html === null ? new Set<string>() : referencedContentIds(html);
  return Array.from(attachmentSources(message), (source, index) => ({
    index,
    name: safeFileName(source.name, source.type, index),
    type: source.type,
    size: source.size(),
    contentId: source.contentId,
    inline: source.signature || (source.contentId !== null && shown.has(source.contentId)),
  }));
}

function sanitize(
  html: string,
  attachments: readonly MailAttachment[],
  { remoteContent = 'block', attachmentUrl }: ReadOptions,
): ReturnType<typeof sanitizeMailHtml> {
  const byContentId = new Map(attachments.map(({ contentId, index }) => [contentId, index]));
  return sanitizeMailHtml(html, {
    remoteContent,
    cidUrl: (contentId) => {
      const index = byContentId.get(contentId);
      return index === undefined || attachmentUrl === undefined
        ? null
        : attachmentUrl.replaceAll('{index}', String(index));
    },
  });
}
