import { Injectable } from '@nestjs/common';
import { concealing } from '../../platform/audit-trail/index.js';
import { reject } from './inbox.errors.js';
import { type InboxMessage, InboxMessagesView } from './read-model/inbox-messages.view.js';

/** Who may read a mail: the owner of the mailbox, and colleagues what is shared. */
@Injectable()
export class MessageAccess {
  constructor(private readonly view: InboxMessagesView) {}

  /** Refuses what is not for this reader as if it did not exist; that somebody tried goes on the record. */
  async readable(company: string, reader: string, id: string): Promise<InboxMessage> {
    const message = await this.view.find(company, id);
    if (message === null) throw reject('message_not_found');
    if (message.userId === reader || message.shared) return message;
    throw concealing(reject('message_not_found'), 'not_mailbox_owner');
  }
}
