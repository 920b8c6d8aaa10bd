import { type CommandMetadata } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { type Caller } from '../../../platform/security/index.js';
import { RecordReread } from '../inbox.commands.js';
import { inboxDecider } from '../inbox.decider.js';
import { reject } from '../inbox.errors.js';
import { inboxStream, type RereadMail } from '../inbox.events.js';
import { MailParsing } from '../mail-parsing.js';
import { type InboxMessage, InboxMessagesView } from '../read-model/inbox-messages.view.js';
import { toKeptMail } from '../receiving/batch-storage.js';
import { MessageStore } from '../receiving/message-store.js';
import { type UnreadMail, UnreadMails } from '../receiving/unread-mails.js';
import { FetchAgain } from './fetch-again.js';
import { readingOf } from './reading-of.js';

/** What reading once more came to. */
export interface Rereading {
  /** The mail's id; another one than before if only now its content is known. */
  readonly id: string;
  /** Why it can still not be read; null: it can. */
  readonly reason: string | null;
}

/**
 * Reads a mail in quarantine once more, because somebody asks: from its source if it is kept, else from the mail
 * server. What was read is stored first, then the event says so.
 */
@Injectable()
export class MessageRereading {
  constructor(
    private readonly view: InboxMessagesView,
    private readonly store: MessageStore,
    private readonly unread: UnreadMails,
    private readonly parsing: MailParsing,
    private readonly again: FetchAgain,
    private readonly runner: DeciderRunner,
  ) {}

  /** For the mailbox's owner and the company's admins; an admin gets to know nothing of what is in the mail. */
  async reread(caller: Caller, id: string, metadata: CommandMetadata): Promise<Rereading> {
    const message = await this.mayReread(caller, id);
    if (!message.quarantined) return { id, reason: null };
    const unread = await this.unread.find(caller.company, id);
    return unread ? this.fromServer(unread, message, metadata) : this.fromSource(message, metadata);
  }

  private async mayReread({ company, userId, roles }: Caller, id: string): Promise<InboxMessage> {
    const message = await this.view.find(company, id);
    if (message !== null && (message.userId === userId || roles.includes('admin'))) return message;
    throw reject(message?.shared ? 'not_mailbox_owner' : 'message_not_found');
  }

  private async fromSource({ company, userId, id }: InboxMessage, metadata: CommandMetadata): Promise<Rereading> {
    const source = await this.store.source(company, id);
    const [parsed] = source === null ? [] : await this.parsing.forImport([source]);
    if (source === null || parsed === undefined) throw reject('message_not_found');
    if (parsed.unreadable !== null) return { id, reason: parsed.unreadable };
    await this.store.replaceReading(company, id, readingOf(company, userId, parsed, source.length));
    await this.record(userId, { id }, metadata);
    await this.store.rereadRecorded([id]);
    return { id, reason: null };
  }

  private async fromServer(unread: UnreadMail, message: InboxMessage, metadata: CommandMetadata): Promise<Rereading> {
    const again = await this.again.fetch(unread);
    if (typeof again === 'string') return { id: unread.id, reason: again };
    const { mail, world } = again;
    const [parsed] = await this.parsing.forImport([mail.source]);
    if (parsed === undefined) throw new Error('The parser gave no answer.');
    const kept = toKeptMail({ ...unread, world }, mail, parsed);
    await this.store.keep([kept]);
    const quarantined = kept.unreadable === null ? {} : { quarantined: true as const };
    const reread = { id: kept.id, replaces: unread.id, shared: message.shared, ...quarantined };
    await this.record(unread.userId, reread, metadata);
    return { id: kept.id, reason: kept.unreadable };
  }

  private async record(userId: string, message: RereadMail, metadata: CommandMetadata): Promise<void> {
    const command = new RecordReread({ userId, messages: [message], cause: 'asked' }, metadata);
    await this.runner.run(inboxDecider, inboxStream(metadata.company, userId), command, { memory: 'last' });
  }
}
