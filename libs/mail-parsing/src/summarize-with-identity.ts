import { identityOf, type MailIdentity } from './content-identity.js';
import { ParsedMessage } from './message/parsed-message.js';
import { type ParseOptions } from './parse-limits.js';
import { summarize, type MailSummary } from './summarize-mail.js';

/** Both in one reading of the message. @throws MailUnreadable when the message is beyond the limits */
export function summarizeWithIdentity(
  source: Uint8Array,
  options?: ParseOptions,
): { summary: MailSummary; identity: MailIdentity } {
  const message = new ParsedMessage(source, options);
  const summary = summarize(message);
  return { summary, identity: identityOf(summary, message.source.subarray(message.root.bodyStart)) };
}
