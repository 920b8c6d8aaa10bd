import { type CommandMetadata, type FixableBy } from '@libs/eventsourcing';
import { Injectable, Logger } from '@nestjs/common';
import { CredentialKeeper } from '../../../platform/credential-keeping/index.js';
import { DeciderRunner } from '../../../platform/event-store/index.js';

import { MailServerRecord } from '../../mail-server/index.js';
import { loginProblems } from '../login-problems.errors.js';
import { ConnectOAuthAccount, RefuseConsent } from '../user-mail-setting.commands.js';
import { userMailSettingDecider } from '../user-mail-setting.decider.js';
import { userMailSettingStream } from '../user-mail-setting.events.js';
import { consentProblems } from './consent-problems.errors.js';
import { type ConsentRefusal, ConsentUnusable, isMerelyInterrupted } from './consent-refusal.js';
import { type LegOutcome } from './consent.guard.js';
import { ConsentLibraryFailure } from './delegating-strategy.js';
import { type GrantedTokens, OAuthProviders } from './oauth-provider.js';
import { type PendingConsent } from './pending-consents.js';

/** Makes of what the provider answered an account, or a refusal on the record. */
@Injectable()
export class ConsentCompletion {
  private readonly logger = new Logger(ConsentCompletion.name);

  constructor(
    private readonly runner: DeciderRunner,
    private readonly providers: OAuthProviders,
    private readonly servers: MailServerRecord,
    private readonly keeper: CredentialKeeper,
  ) {}

  /** Answers `ok`, or the code of why not. Throws only what the stores throw. */
  async complete(consent: PendingConsent, outcome: LegOutcome, metadata: CommandMetadata): Promise<string> {
    try {
      if ('error' in outcome) throw outcome.error;
      await this.connect(consent, outcome.granted, metadata);
      return 'ok';
    } catch (error) {
      const refusal = this.refusalOf(error);
      if (!isMerelyInterrupted(refusal)) await this.refuse(consent, refusal, metadata);
      return refusal.code;
    }
  }

  private async connect(consent: PendingConsent, granted: GrantedTokens, metadata: CommandMetadata): Promise<void> {
    const { company, userId, mailServerId, address, service } = consent;
    const examined = await this.providers.of(service).examine(consent, granted);
    const server = await this.servers.current(company, mailServerId);
    if (server.status !== 'registered') throw new ConsentUnusable({ code: 'mail_server_gone' });
    const stream = userMailSettingStream(company, userId);
    await this.keeper.keepFor({ company, stream, secret: granted.tokens }, async (credentialRef) => {
      const data = { userId, mailServerId, service, address, ...examined, credentialRef };
      return this.runner.run(userMailSettingDecider, stream, new ConnectOAuthAccount(data, metadata));
    });
  }

  private async refuse(consent: PendingConsent, refusal: ConsentRefusal, metadata: CommandMetadata): Promise<void> {
    const { company, userId, mailServerId, service, address } = consent;
    const { code, consentedAddress = null, missingPermissions = [] } = refusal;
    const { fixableBy }: { readonly fixableBy: FixableBy } = { ...loginProblems, ...consentProblems }[code];
    const command = new RefuseConsent(
      { userId, mailServerId, service, code, fixableBy, address, consentedAddress, missingPermissions },
      metadata,
    );
    await this.runner.run(userMailSettingDecider, userMailSettingStream(company, userId), command);
  }

  private refusalOf(error: unknown): ConsentRefusal {
    if (error instanceof ConsentUnusable) return error.refusal;
    if (!(error instanceof ConsentLibraryFailure)) throw error;
    this.logger.warn({ reason: error.message }, 'A consent came back that does not fit what was sent.');
    return { code: 'provider_unavailable' };
  }
}
