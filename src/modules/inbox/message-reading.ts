import { Injectable } from '@nestjs/common';
import { MailUnreadable, type ReadableMail } from '@libs/mail-parsing';
import { type Caller } from '../../platform/security/index.js';
import { type MessageDetail, toSummary } from './inbox.dto.js';
import { named } from './mail-parsing.js';
import { MailboxAddresses } from './mailbox-addresses.js';
import { MessageAccess } from './message-access.js';
import { ShownMails } from './shown-mail.js';
import { MessageStore } from './receiving/message-store.js';
import { UnreadMails } from './receiving/unread-mails.js';

export interface ReadMessage {
  readonly detail: MessageDetail;
  /** Another one after every event that has changed something of the mail. */
  readonly revision: string;
}

/** Reads one mail from its source, anew every time: a better decoder reads old mail better too. */
@Injectable()
export class MessageReading {
  constructor(
    private readonly access: MessageAccess,
    private readonly store: MessageStore,
    private readonly unread: UnreadMails,
    private readonly shown: ShownMails,
    private readonly addresses: MailboxAddresses,
  ) {}

  async read({ company, userId }: Caller, id: string, remoteContent: 'block' | 'allow'): Promise<ReadMessage> {
    const message = await this.access.readable(company, userId, id);
    const source = await this.store.source(company, id);
    const summary = toSummary(message, await this.addresses.of(company, [message.userId]));
    const detail = {
      ...summary,
      to: [...message.to],
      ...(source === null ? UNREADABLE : await this.contentOf(source, remoteContent)),
      quarantine: message.quarantined ? await this.quarantineOf(company, id) : null,
      sharing: { shared: message.shared, ...message.sharing },
    };
    return { detail, revision: message.position };
  }

  private async quarantineOf(company: string, id: string): Promise<MessageDetail['quarantine']> {
    const facts = (await this.store.factsOf([id])).get(id);
    if (facts) return { reason: facts.unreadable ?? 'unknown', hasSource: true };
    return { reason: (await this.unread.find(company, id))?.reason ?? 'unknown', hasSource: false };
  }

  private async contentOf(source: Buffer, remoteContent: 'block' | 'allow') {
    try {
      const mail = await this.shown.read(source, remoteContent);
      return { ...toContent(mail), html: mail.shownHtml, htmlPolicy: mail.htmlPolicy };
    } catch (error) {
      if (error instanceof MailUnreadable) return UNREADABLE;
      throw error;
    }
  }
}

/** A quarantined mail has a source and nothing else to show. */
const UNREADABLE = {
  cc: [],
  messageId: null,
  inReplyTo: null,
  text: null,
  html: null,
  htmlPolicy: null,
  blockedRemote: 0,
  attachments: [],
};

function toContent({ cc, messageId, inReplyTo, text, blockedRemote, attachments }: ReadableMail) {
  return {
    cc: cc.map(named),
    messageId,
    inReplyTo,
    text,
    blockedRemote,
    attachments: attachments.map(({ index, name, type, size, inline }) => ({ index, name, type, size, inline })),
  };
}
