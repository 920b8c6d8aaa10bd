import { type DomainEvent } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { type Delivered } from '../../../platform/event-store/index.js';
import { type CatchUpWork, Projectors } from '../../../platform/read-models/index.js';
import { CredentialVault } from '../../../platform/security/index.js';
import { GOOGLE_API_SETTING, type GoogleApiSettingEvent } from './google-api-setting.events.js';

/** Destroys a client secret once an event says that it is used no longer; the command answers only after it. */
@Injectable()
export class GoogleSecretDestruction implements CatchUpWork {
  readonly name = 'google_secret_destruction';
  readonly categories = [GOOGLE_API_SETTING];

  constructor(
    private readonly vault: CredentialVault,
    projectors: Projectors,
  ) {
    projectors.follow(this);
  }

  async handle(events: readonly Delivered[]): Promise<void> {
    for (const event of events) {
      const ref = endedSecretOf(event as DomainEvent as GoogleApiSettingEvent);
      if (ref !== null) await this.vault.destroy(event.metadata.company, ref);
    }
  }
}

function endedSecretOf(event: GoogleApiSettingEvent): string | null {
  switch (event.type) {
    case 'GoogleApiSettingSaved':
      return event.data.replacedCredentialRef;
    case 'GoogleApiSettingDeleted':
      return event.data.credentialRef;
  }
}
