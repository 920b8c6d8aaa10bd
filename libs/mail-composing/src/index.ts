/**
 * Builds mail: MIME that Outlook, old Japanese mailers and carriers' phones read right, as a stream, with nothing in
 * its headers but what was meant to be there. It knows no provider and sends nothing.
 */
export { isAddress, toAddrSpec } from './address.js';
export { bccHeader } from './bcc-header.js';
export { composeMail } from './compose-mail.js';
export { isMessageId, messageIdsIn } from './message-id.js';
export { type Attachment, type MailDraft, type Mailbox } from './mail-draft.js';
