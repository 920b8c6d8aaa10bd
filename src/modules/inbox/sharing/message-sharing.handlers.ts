import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { checkIfMatch } from '../../../platform/http/index.js';
import { Projectors } from '../../../platform/read-models/index.js';
import { reject } from '../inbox.errors.js';
import { MessageAccess } from '../message-access.js';
import { type InboxMessage } from '../read-model/inbox-messages.view.js';
import { SetSharing, ShareMessages } from './message-sharing.commands.js';
import { messageSharingDecider } from './message-sharing.decider.js';
import { MESSAGE, messageStream } from './message-sharing.events.js';

/** No revision is called so. */
const MOVED_ON = 'moved-on';

/** Each mail is a decision of its own; nothing is decided unless all of them may be. */
@CommandHandler(ShareMessages)
export class ShareMessagesHandler implements ICommandHandler<ShareMessages> {
  constructor(
    private readonly access: MessageAccess,
    private readonly runner: DeciderRunner,
    private readonly projectors: Projectors,
  ) {}

  async execute({ data, metadata, ifMatch }: ShareMessages): Promise<void> {
    const { userId, shared } = data;
    const { company } = metadata;
    const ids = [...new Set(data.messageIds)];
    const messages = await Promise.all(ids.map(async (id) => this.own(company, userId, id)));
    let last: string | null = null;
    for (const { id, sharedAtReceipt, position: seen, decisions } of messages) {
      const command = new SetSharing({ userId, messageId: id, shared, sharedAtReceipt }, metadata);
      const stream = messageStream(company, id);
      const { position } = await this.runner.run(messageSharingDecider, stream, command, {
        // What was looked at is what is decided on: another decision in between makes it another mail to look at.
        guard: (_state, revision) => checkIfMatch(ifMatch, (revision ?? -1) + 1 === decisions ? seen : MOVED_ON),
        awaitEffect: false,
      });
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
