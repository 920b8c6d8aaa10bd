import { Module, type OnModuleInit } from '@nestjs/common';
import { GatewaysModule } from '../../gateways/index.js';
import { MailServerModule } from '../mail-server/index.js';
import { UserMailSettingModule } from '../user-mail-setting/index.js';
import { ImportStreamController } from './import-stream.controller.js';
import { InboxController } from './inbox.controller.js';
import { MailParsing } from './mail-parsing.js';
import { MailboxAddresses } from './mailbox-addresses.js';
import { MailboxReporting } from './mailbox-report.js';
import { MessageReading } from './message-reading.js';
import { MessageSharingController } from './message-sharing.controller.js';
import { InboxMessagesView } from './read-model/inbox-messages.view.js';
import { MailboxProgressView } from './read-model/mailbox-progress.view.js';
import { BatchStorage } from './receiving/batch-storage.js';
import { MailboxActivation } from './receiving/mailbox-activation.reactor.js';
import { MailboxQueue } from './receiving/mailbox-queue.js';
import { MessageStore } from './receiving/message-store.js';
import { MailboxOpener } from './receiving/open-mailbox.js';
import { ReceiveMailbox } from './receiving/receive-mailbox.js';
import { Receiver } from './receiving/receiver.js';
import { ShareMessagesHandler } from './sharing/message-sharing.handlers.js';

@Module({
  imports: [MailServerModule, UserMailSettingModule, GatewaysModule],
  controllers: [MessageSharingController, InboxController, ImportStreamController],
  providers: [
    MessageStore,
    MailboxQueue,
    InboxMessagesView,
    MailboxProgressView,
    MailParsing,
    MailboxAddresses,
    MailboxReporting,
    MessageReading,
    BatchStorage,
    MailboxOpener,
    MailboxActivation,
    ReceiveMailbox,
    Receiver,
    ShareMessagesHandler,
  ],
  exports: [Receiver, MailboxQueue],
})
export class InboxModule implements OnModuleInit {
  constructor(
    private readonly store: MessageStore,
    private readonly queue: MailboxQueue,
  ) {}

  async onModuleInit(): Promise<void> {
    await Promise.all([this.store.prepare(), this.queue.prepare()]);
  }
}
