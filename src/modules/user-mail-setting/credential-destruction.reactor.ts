import { type DomainEvent } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Delivered } from '../../platform/event-store/index.js';
import { type CatchUpWork, Projectors } from '../../platform/read-models/index.js';
import { CredentialVault } from '../../platform/security/index.js';
import { USER_MAIL_SETTING, type UserMailSettingEvent } from './user-mail-setting.events.js';

/**
 * Destroys a credential once an event says that it is used no longer. It follows the events rather than the
 * commands, so a crash between the decision and the destruction leaves nothing behind; the command answers only
 * after it (R14).
 */
@Injectable()
export class CredentialDestruction implements CatchUpWork {
  readonly name = 'credential_destruction';
  readonly categories = [USER_MAIL_SETTING];

  constructor(
    private readonly vault: CredentialVault,
    projectors: Projectors,
  ) {
    projectors.follow(this);
  }

  async handle(events: readonly Delivered[]): Promise<void> {
    for (const event of events) {
      const ref = endedCredentialOf(event as DomainEvent as UserMailSettingEvent);
      if (ref !== null) await this.vault.destroy(event.metadata.company, ref);
    }
  }
}

function endedCredentialOf(event: UserMailSettingEvent): string | null {
  switch (event.type) {
    case 'AccountRegistered':
    case 'OAuthAccountConnected':
      return event.data.replacedCredentialRef;
    case 'MailSettingReleased':
    case 'ReRegistrationForced':
      return event.data.credentialRef;
    case 'ConsentRefused':
    case 'MailSettingDetailsSaved':
    case 'MailSettingActionRequired':
    case 'LegacySettingImported':
    case 'LegacySettingExpired':
    case 'MigrationReminded':
    case 'LegacySettingReleased':
      return null;
  }
}
