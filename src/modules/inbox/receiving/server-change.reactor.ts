import { Injectable } from '@nestjs/common';
import { type Delivered } from '../../../platform/event-store/index.js';
import { type CatchUpWork, Projectors } from '../../../platform/read-models/index.js';
import { GOOGLE_API_SETTING, MAIL_SERVER } from '../../mail-server/index.js';
import { MailSettingsView } from '../../user-mail-setting/index.js';
import { MailboxQueue } from './mailbox-queue.js';

/**
 * Re-checks the mailboxes of a server that an admin changed, at once and not at some next interval: a corrected port
 * helps immediately, and a mistake shows immediately. Nobody is cut off by it; what a look then finds decides. The same
 * for Gmail, whose server a company sets up by its Google app.
 */
@Injectable()
export class ServerChange implements CatchUpWork {
  readonly name = 'server_change';
  readonly categories = [MAIL_SERVER, GOOGLE_API_SETTING];

  constructor(
    private readonly queue: MailboxQueue,
    private readonly settings: MailSettingsView,
    projectors: Projectors,
  ) {
    projectors.follow(this);
  }

  async handle(events: readonly Delivered[]): Promise<void> {
    for (const { type, data, metadata } of events) {
      for (const userId of await this.usersConcerned(type, data, metadata.company)) {
        await this.queue.recheck(metadata.company, userId);
      }
    }
  }

  private async usersConcerned(type: string, data: object, company: string): Promise<readonly string[]> {
    switch (type) {
      case 'MailServerChanged':
        return this.settings.usersOfServer(company, (data as { mailServerId: string }).mailServerId);
      case 'GoogleApiSettingSaved':
        return (await this.settings.connectedBy(company, 'gmail')).map(({ userId }) => userId);
      default:
        return [];
    }
  }
}
