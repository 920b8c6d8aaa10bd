import { Injectable } from '@nestjs/common';
import { type Delivered } from '../../../platform/event-store/index.js';
import { type CatchUpWork, Projectors } from '../../../platform/read-models/index.js';
import { MAIL_SERVER } from '../../mail-server/index.js';
import { MailSettingsView } from '../../user-mail-setting/index.js';
import { MailboxQueue } from './mailbox-queue.js';

/**
 * Re-checks the mailboxes of a server that an admin changed, at once and not at some next interval: a corrected port
 * helps immediately, and a mistake shows immediately. Nobody is cut off by it; what a look then finds decides.
 */
@Injectable()
export class ServerChange implements CatchUpWork {
  readonly name = 'server_change';
  readonly categories = [MAIL_SERVER];

  constructor(
    private readonly queue: MailboxQueue,
    private readonly settings: MailSettingsView,
    projectors: Projectors,
  ) {
    projectors.follow(this);
  }

  async handle(events: readonly Delivered[]): Promise<void> {
    for (const { type, data, metadata } of events) {
      if (type !== 'MailServerChanged') continue;
      const { mailServerId } = data as { mailServerId: string };
      for (const userId of await this.settings.usersOfServer(metadata.company, mailServerId)) {
        await this.queue.recheck(metadata.company, userId);
      }
    }
  }
}
