import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { Projectors } from '../../../platform/read-models/index.js';
import { reject } from '../inbox.errors.js';
import { MessageAccess } from '../message-access.js';
import { type InboxMessage } from '../read-model/inbox-messages.view.js';
import { SetSharing, ShareMessages } from './message-sharing.commands.js';
import { messageSharingDecider } from './message-sharing.decider.js';
import { MESSAGE, messageStream } from './message-sharing.events.js';

/** Each mail is a decision of its own; nothing is decided unless all of them may be. */
@CommandHandler(ShareMessages)
export class ShareMessagesHandler implements ICommandHandler<ShareMessages> {
  constructor(
    private readonly access: MessageAccess,
    private readonly runner: DeciderRunner,
    private readonly projectors: Projectors,
  ) {}

  async execute({ data, metadata }: ShareMessages): Promise<void> {
    const { userId, shared } = data;
    const { company } = metadata;
    const ids = [...new Set(data.messageIds)];
    const messages = await Promise.all(ids.map(async (id) => this.own(company, userId, id)));
    let last: string | null = null;
    for (const { id, sharedAtReceipt } of messages) {
      const command = new SetSharing({ userId, messageId: id, shared, sharedAtReceipt }, metadata);
      const stream = messageStream(company, id);
      const { position } = await this.runner.run(messageSharingDecider, stream, command, { awaitEffect: false });
      last = position ?? last;
    }
    if (last !== null) await this.projectors.whenVisible(MESSAGE, last);
  }

  private async own(company: string, userId: string, id: string): Promise<InboxMessage> {
    const message = await this.access.readable(company, userId, id);
    if (message.userId !== userId) throw reject('not_mailbox_owner');
    return message;
  }
}
