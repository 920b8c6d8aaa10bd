export { inboxErrors } from './inbox.errors.js';
export { INBOX, type InboxEvent, inboxEvents } from './inbox.events.js';
export { InboxModule } from './inbox.module.js';
export { MailboxQueue } from './receiving/mailbox-queue.js';
export { Receiver } from './receiving/receiver.js';
export { MESSAGE, type MessageSharingEvent, messageSharingEvents } from './sharing/message-sharing.events.js';
