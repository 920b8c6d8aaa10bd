import { Injectable } from '@nestjs/common';
import { type DomainEvent } from '@libs/eventsourcing';
import { type Delivered } from '../../../platform/event-store/index.js';
import { type CatchUpWork, Projectors } from '../../../platform/read-models/index.js';
import { MailSettingRecord, USER_MAIL_SETTING, type UserMailSettingEvent } from '../../user-mail-setting/index.js';
import { MailboxQueue } from './mailbox-queue.js';

/** Keeps the queue in step with the settings: what is in use is looked into, and at once when it was just saved. */
@Injectable()
export class MailboxActivation implements CatchUpWork {
  readonly name = 'mailbox_activation';
  readonly categories = [USER_MAIL_SETTING];

  constructor(
    private readonly queue: MailboxQueue,
    private readonly settings: MailSettingRecord,
    projectors: Projectors,
  ) {
    projectors.follow(this);
  }

  async handle(events: readonly Delivered[]): Promise<void> {
    for (const event of events) await this.follow(event as DomainEvent as UserMailSettingEvent, event.metadata.company);
  }

  private async follow({ type, data: { userId } }: UserMailSettingEvent, company: string): Promise<void> {
    switch (type) {
      // A look at a setting that is not in use takes it out of the queue again.
      case 'AccountRegistered':
      case 'OAuthAccountConnected':
      case 'MailSettingDetailsSaved':
        return this.queue.activate(company, userId);
      case 'MailSettingActionRequired':
      case 'MailSettingReleased':
      case 'ReRegistrationForced':
        return this.deactivateUnlessInUse(company, userId);
      case 'LegacySettingImported':
      case 'LegacySettingExpired':
      case 'MigrationReminded':
      case 'LegacySettingReleased':
        return; // they receive nothing, before and after
      case 'ConsentRefused':
        return;
    }
  }

  /** By the record and not by the event: an instance that lags must not undo what a later event has begun. */
  private async deactivateUnlessInUse(company: string, userId: string): Promise<void> {
    const { status } = await this.settings.current(company, userId);
    if (status !== 'in_use') await this.queue.deactivate(company, userId);
  }
}
