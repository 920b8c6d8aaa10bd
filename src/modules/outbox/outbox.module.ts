import { Module, type OnModuleInit } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { GatewaysModule } from '../../gateways/index.js';
import { InboxModule } from '../inbox/index.js';
import { MailServerModule } from '../mail-server/index.js';
import { UserMailSettingModule } from '../user-mail-setting/index.js';
import { BounceCursor } from './bounces/bounce-cursor.js';
import { BounceRecord } from './bounces/bounce-record.js';
import { BounceWatch } from './bounces/bounce-watch.js';
import { mailTagsProvider } from './bounces/mail-tags.provider.js';
import { ReturnPaths } from './bounces/return-paths.js';
import { AbandonedMails } from './composing/abandoned-mails.js';
import { feedWithin } from './composing/form-texts.js';
import { FormUploadModule } from './composing/form-upload.module.js';
import { KeptMails } from './composing/kept-mails.js';
import { MailThread } from './composing/mail-thread.js';
import { MailWriting } from './composing/mail-writing.js';
import { OutgoingRequests } from './composing/outgoing-request.js';
import { LARGEST_UPLOAD, PartStorage } from './composing/part-storage.js';
import { ErasedMails } from './erasing/erased-mails.js';
import { OutboxErasure } from './erasing/outbox-erasure.js';
import { FromAddressesController } from './from-addresses.controller.js';
import { OutboxHousekeeping } from './outbox-housekeeping.js';
import { OutboxController } from './outbox.controller.js';
import { outboxHandlers } from './outbox.handlers.js';
import { OutboxReading } from './outbox-reading.js';
import { OutboxMailsView } from './read-model/outbox-mails.view.js';
import { OutgoingRoute } from './routing/outgoing-route.js';
import { SenderCheck } from './routing/sender-check.js';
import { Senders } from './routing/senders.js';
import { AttemptRecord } from './sending/attempt-record.js';
import { CompanyPace } from './sending/company-pace.js';
import { MailboxTurns } from './sending/mailbox-turns.js';
import { OutboxDispatch } from './sending/outbox-dispatch.reactor.js';
import { OutboxQueue } from './sending/outbox-queue.js';
import { OutboxSender } from './sending/outbox-sender.js';
import { SendMail } from './sending/send-mail.js';
import { SenderLook } from './sending/sender-look.js';

/** Files go through PartStorage; the texts of a form may together be as long as those of a JSON body. */
const uploads = MulterModule.registerAsync({
  imports: [FormUploadModule],
  inject: [PartStorage],
  useFactory: (storage: PartStorage) => ({
    storage,
    defParamCharset: 'utf8',
    streamHandler: feedWithin(LARGEST_UPLOAD),
    limits: { fileSize: LARGEST_UPLOAD, files: 100, fields: 1_600, fieldSize: LARGEST_UPLOAD, parts: 1_700 },
  }),
});

@Module({
  imports: [MailServerModule, UserMailSettingModule, InboxModule, GatewaysModule, FormUploadModule, uploads],
  controllers: [OutboxController, FromAddressesController],
  providers: [
    KeptMails,
    AbandonedMails,
    MailThread,
    MailWriting,
    OutgoingRequests,
    OutboxMailsView,
    OutboxReading,
    OutgoingRoute,
    Senders,
    SenderCheck,
    AttemptRecord,
    CompanyPace,
    MailboxTurns,
    OutboxQueue,
    OutboxDispatch,
    SendMail,
    SenderLook,
    OutboxHousekeeping,
    ErasedMails,
    OutboxErasure,
    OutboxSender,
    mailTagsProvider,
    ReturnPaths,
    BounceCursor,
    BounceRecord,
    BounceWatch,
    ...outboxHandlers,
  ],
  exports: [OutboxSender, OutboxQueue, OutboxHousekeeping, BounceWatch],
})
export class OutboxModule implements OnModuleInit {
  constructor(
    private readonly queue: OutboxQueue,
    private readonly kept: KeptMails,
  ) {}

  async onModuleInit(): Promise<void> {
    await Promise.all([this.queue.prepare(), this.kept.prepare()]);
  }
}
