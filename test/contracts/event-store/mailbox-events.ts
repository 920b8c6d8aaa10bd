import { randomUUID } from 'node:crypto';

import { jsonEvent, type JSONEventData } from '@eventstore/db-client';

// The story the guarantees tell: a mailbox is connected, mails are found in it, it is released.

export function mailboxConnected(id: string = randomUUID()): JSONEventData {
  return jsonEvent({ id, type: 'MailboxConnected', data: { account: 'alice@example.jp' } });
}

export function mailFound(subject: string, id: string = randomUUID()): JSONEventData {
  return jsonEvent({ id, type: 'MailFound', data: { subject } });
}

export function mailboxReleased(id: string = randomUUID()): JSONEventData {
  return jsonEvent({ id, type: 'MailboxReleased', data: { reason: 'asked by the user' } });
}

/** Mails told apart and ordered by their subjects: "mail 0", "mail 1", ... */
export function mailsFound(count: number, prefix = 'mail'): JSONEventData[] {
  return Array.from({ length: count }, (_, index) => mailFound(`${prefix} ${index}`));
}

/** The subjects `mailsFound` gives. */
export function subjects(count: number, prefix = 'mail'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
}
