import { type DomainEvent } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { DeciderRunner, type Delivered } from '../../../../platform/event-store/index.js';
import { type CatchUpWork, Projectors } from '../../../../platform/read-models/index.js';
import { GOOGLE_API_SETTING, type GoogleApiSettingEvent } from '../../../mail-server/index.js';
import { MailSettingsView } from '../../read-model/mail-settings.view.js';
import { RequireAction } from '../../user-mail-setting.commands.js';
import { userMailSettingDecider } from '../../user-mail-setting.decider.js';
import { userMailSettingStream } from '../../user-mail-setting.events.js';

/**
 * Another client id at Google ends what people have consented to for the one before: their settings say so at once, in
 * the name of the admin who changed it, instead of failing one by one. Whoever consents at this very moment is met by
 * the provider, which compares the client of every grant.
 */
@Injectable()
export class GoogleClientChange implements CatchUpWork {
  readonly name = 'google_client_change';
  readonly categories = [GOOGLE_API_SETTING];

  constructor(
    private readonly settings: MailSettingsView,
    private readonly runner: DeciderRunner,
    projectors: Projectors,
  ) {
    projectors.follow(this);
  }

  async handle(events: readonly Delivered[]): Promise<void> {
    for (const event of events) {
      const { type, data } = event as DomainEvent as GoogleApiSettingEvent;
      if (type === 'GoogleApiSettingSaved' && data.clientIdChanged) await this.requireConsents(event);
    }
  }

  private async requireConsents({ id: causationId, metadata }: Delivered): Promise<void> {
    const { company, actor, at, correlationId } = metadata;
    for (const { userId, credentialRef } of await this.settings.connectedBy(company, 'gmail')) {
      const data = { userId, code: 'google_client_changed', fixableBy: 'user', credentialRef } as const;
      const command = new RequireAction(data, { company, actor, at, correlationId, causationId });
      await this.runner.run(userMailSettingDecider, userMailSettingStream(company, userId), command);
    }
  }
}
