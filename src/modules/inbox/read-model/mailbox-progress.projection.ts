import { type Projection, streamParts } from '@libs/eventsourcing';
import { INBOX, type ImportStanding, type InboxEvent } from '../inbox.events.js';

export interface MailboxProgressDocument {
  readonly company: string;
  readonly userId: string;
  readonly phase: 'importing' | 'reconciling' | 'receiving';
  readonly import: ImportStanding;
}

export const mailboxProgressProjection: Projection<MailboxProgressDocument, InboxEvent> = {
  name: 'mailbox_progress',
  version: 1,
  categories: [INBOX],
  project(event) {
    const [company = '', userId = ''] = streamParts(event.stream);
    const { phase, import: progress } = event.data.standing;
    return [{ id: event.stream, set: { company, userId, phase, import: progress } }];
  },
};
