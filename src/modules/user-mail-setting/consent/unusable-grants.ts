import { Injectable, Logger } from '@nestjs/common';
import { GatewayError, type OAuthService } from '../../../gateways/index.js';
import { MailSettingsView } from '../read-model/mail-settings.view.js';
import { type GrantedTokens, OAuthProviders } from './oauth-provider.js';

/**
 * Gives back what somebody has granted and HRBC cannot use: another account's mailbox, a grant with a permission missing.
 * Not where that very account is connected, by whomever: at Google giving back one token ends all that the person has
 * granted to the app (developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke).
 */
@Injectable()
export class UnusableGrants {
  private readonly logger = new Logger(UnusableGrants.name);

  constructor(
    private readonly providers: OAuthProviders,
    private readonly settings: MailSettingsView,
  ) {}

  /** Never rejects with what the provider says: the tokens are forgotten in any case. */
  async handBack(service: OAuthService, granted: GrantedTokens): Promise<void> {
    const provider = this.providers.of(service);
    const { sub: accountId } = granted.claims;
    if (!provider.handBack || typeof accountId !== 'string') return;
    if (await this.settings.isConnected(service, accountId)) return;
    try {
      await provider.handBack(granted);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.logger.warn({ service, failure: error.failure.kind }, 'A grant of no use could not be given back.');
    }
  }
}
