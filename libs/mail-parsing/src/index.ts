export { attachmentContent, type AttachmentContent } from './attachment-content.js';
export { contentIdentity, type MailIdentity } from './content-identity.js';
export { type Address } from './header/addresses.js';
export {
  sanitizeMailHtml,
  type RemoteContent,
  type SafeHtml,
  type SanitizeOptions,
} from './html/sanitize-mail-html.js';
export { MailUnreadable, type UnreadableReason } from './mail-unreadable.error.js';
export { defaultLimits, type ParseLimits, type ParseOptions } from './parse-limits.js';
export { createMailParser, type MailParser, type MailParserOptions, type SummaryOutcome } from './pool/mail-parser.js';
export { readMail, type MailAttachment, type ReadableMail, type ReadOptions } from './read-mail.js';
export { summarizeMail, type MailDate, type MailSummary } from './summarize-mail.js';
export { type DeliveryReport, type ReportedRecipient } from './report/delivery-report.js';
export { readDeliveryReport } from './report/read-delivery-report.js';
