import { Module, type OnModuleInit } from '@nestjs/common';
import { GatewaysModule } from '../../gateways/index.js';
import { MailServerModule } from '../mail-server/index.js';
import { UserMailSettingModule } from '../user-mail-setting/index.js';
import { AbsenceController } from './absence/absence.controller.js';
import { AbsenceExplanation } from './absence/absence.js';
import { ServerSearch } from './absence/server-search.js';
import { ErasedSources } from './erasing/erased-sources.js';
import { MailErasure } from './erasing/mail-erasure.js';
import { ImportStreamController } from './import-stream.controller.js';
import { InboxController } from './inbox.controller.js';
import { MailParsing } from './mail-parsing.js';
import { MailboxAddresses } from './mailbox-addresses.js';
import { MailboxReporting } from './mailbox-report.js';
import { MessageAccess } from './message-access.js';
import { MessageReading } from './message-reading.js';
import { ShownMails } from './shown-mail.js';
import { MessageSearch } from './search/message-search.js';
import { SearchBlocks } from './search/search-blocks.js';
import { SearchCandidates } from './search/candidates.js';
import { SearchSealing } from './search/search-sealing.js';
import { MessageSharingController } from './message-sharing.controller.js';
import { ReadableSources } from './readable-sources.js';
import { MailboxOverviewController } from './overview/mailbox-overview.controller.js';
import { MailboxOverview } from './overview/mailbox-overview.js';
import { QuarantineController } from './quarantine.controller.js';
import { InboxMessagesView } from './read-model/inbox-messages.view.js';
import { MailboxProgressView } from './read-model/mailbox-progress.view.js';
import { MessageFactsLookup } from './read-model/message-facts-lookup.js';
import { BatchStorage } from './receiving/batch-storage.js';
import { KeptCursors } from './receiving/kept-cursors.js';
import { KnownElsewhere } from './receiving/known-elsewhere.js';
import { NamelessMails } from './receiving/nameless-mails.js';
import { MailboxActivation } from './receiving/mailbox-activation.reactor.js';
import { MailboxLook } from './receiving/mailbox-look.js';
import { MailboxQueue } from './receiving/mailbox-queue.js';
import { MailboxStatistics } from './receiving/mailbox-statistics.js';
import { MailboxWatch } from './receiving/mailbox-watch.js';
import { MessageStore } from './receiving/message-store.js';
import { MailboxOpener } from './receiving/open-mailbox.js';
import { ReceiveMailbox } from './receiving/receive-mailbox.js';
import { Receiver } from './receiving/receiver.js';
import { ReceivingMetrics } from './receiving/receiving-metrics.js';
import { ServerChange } from './receiving/server-change.reactor.js';
import { UnreadMails } from './receiving/unread-mails.js';
import { FetchAgain } from './rereading/fetch-again.js';
import { MessageReparse } from './rereading/message-reparse.js';
import { MessageRereading } from './rereading/message-rereading.js';
import { ShareMessagesHandler } from './sharing/message-sharing.handlers.js';
import { MailDecisionsView } from './visibility/mail-decisions.view.js';
import { RecordedVisibility } from './visibility/recorded-visibility.js';

@Module({
  imports: [MailServerModule, UserMailSettingModule, GatewaysModule],
  controllers: [
    MessageSharingController,
    QuarantineController,
    InboxController,
    ImportStreamController,
    AbsenceController,
    MailboxOverviewController,
  ],
  providers: [
    MessageStore,
    UnreadMails,
    KeptCursors,
    MailboxQueue,
    MailboxStatistics,
    MessageFactsLookup,
    InboxMessagesView,
    MailboxProgressView,
    MailParsing,
    MailboxAddresses,
    MailboxReporting,
    MessageAccess,
    ShownMails,
    MessageReading,
    SearchBlocks,
    SearchCandidates,
    SearchSealing,
    MessageSearch,
    ReadableSources,
    KnownElsewhere,
    NamelessMails,
    BatchStorage,
    MailboxOpener,
    MailboxActivation,
    ServerChange,
    ReceivingMetrics,
    ReceiveMailbox,
    MailboxLook,
    MailboxWatch,
    Receiver,
    FetchAgain,
    MessageRereading,
    MessageReparse,
    AbsenceExplanation,
    ServerSearch,
    MailboxOverview,
    ShareMessagesHandler,
    ErasedSources,
    MailErasure,
    MailDecisionsView,
    RecordedVisibility,
  ],
  exports: [
    Receiver,
    MessageReparse,
    MailboxWatch,
    MailboxQueue,
    MailParsing,
    ShownMails,
    ReadableSources,
    SearchSealing,
  ],
})
export class InboxModule implements OnModuleInit {
  private readonly collections: readonly { prepare(): Promise<void> }[];

  constructor(
    store: MessageStore,
    unread: UnreadMails,
    cursors: KeptCursors,
    queue: MailboxQueue,
    statistics: MailboxStatistics,
    erased: ErasedSources,
    blocks: SearchBlocks,
  ) {
    this.collections = [store, unread, cursors, queue, statistics, erased, blocks];
  }

  async onModuleInit(): Promise<void> {
    await Promise.all(this.collections.map(async (collection) => collection.prepare()));
  }
}
