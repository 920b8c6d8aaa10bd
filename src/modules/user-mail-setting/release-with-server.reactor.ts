import { Injectable } from '@nestjs/common';
import { DeciderRunner, type Delivered } from '../../platform/event-store/index.js';
import { type CatchUpWork, Projectors } from '../../platform/read-models/index.js';
import { MAIL_SERVER } from '../mail-server/index.js';
import { MailSettingsView } from './read-model/mail-settings.view.js';
import { ReleaseMailSetting } from './user-mail-setting.commands.js';
import { userMailSettingDecider } from './user-mail-setting.decider.js';
import { userMailSettingStream } from './user-mail-setting.events.js';

/**
 * A deleted mail server takes its users' settings along, in the name of the admin who deleted it. Also one that a
 * user connected to in the very moment of the deletion: no setting is left pointing at a server that is gone.
 */
@Injectable()
export class ReleaseWithServer implements CatchUpWork {
  readonly name = 'release_with_server';
  readonly categories = [MAIL_SERVER];

  constructor(
    private readonly settings: MailSettingsView,
    private readonly runner: DeciderRunner,
    projectors: Projectors,
  ) {
    projectors.follow(this);
  }

  async handle(events: readonly Delivered[]): Promise<void> {
    for (const event of events) if (event.type === 'MailServerDeleted') await this.releaseUsersOf(event);
  }

  private async releaseUsersOf(event: Delivered): Promise<void> {
    const { company, actor, at, correlationId } = event.metadata;
    const { mailServerId } = event.data as { mailServerId: string };
    for (const userId of await this.settings.usersOfServer(company, mailServerId)) {
      const data = { userId, cause: 'mail_server_deleted', onlyOfMailServer: mailServerId } as const;
      const command = new ReleaseMailSetting(data, { company, actor, at, correlationId, causationId: event.id });
      await this.runner.run(userMailSettingDecider, userMailSettingStream(company, userId), command);
    }
  }
}
