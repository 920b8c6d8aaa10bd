import { Injectable } from '@nestjs/common';
import { InboxMessagesView } from './read-model/inbox-messages.view.js';
import { MessageStore } from './receiving/message-store.js';

/** Received mail as its bytes, for whoever may read it. */
@Injectable()
export class ReadableSources {
  constructor(
    private readonly view: InboxMessagesView,
    private readonly store: MessageStore,
  ) {}

  /** null: there is no such mail, or it is not for this reader; the two look the same. */
  async find(company: string, reader: string, id: string): Promise<Buffer | null> {
    const message = await this.view.findFor(company, reader, id);
    return message === null ? null : this.store.source(company, id);
  }
}
