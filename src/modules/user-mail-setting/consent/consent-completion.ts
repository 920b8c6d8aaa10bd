import { type CommandMetadata, type FixableBy } from '@libs/eventsourcing';
import { Injectable, Logger } from '@nestjs/common';
import { CredentialKeeper } from '../../../platform/credential-keeping/index.js';
import { type Decision, DeciderRunner, StreamMovedOn } from '../../../platform/event-store/index.js';
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
import { UnusableGrants } from './unusable-grants.js';

/** Of one user's consents that come back at the same moment every one gets through, behind the others. */
const TRIES = 8;

/** Makes of what the provider answered an account, or a refusal on the record. */
@Injectable()
export class ConsentCompletion {
  private readonly logger = new Logger(ConsentCompletion.name);

  constructor(
    private readonly runner: DeciderRunner,
    private readonly providers: OAuthProviders,
    private readonly servers: MailServerRecord,
    private readonly keeper: CredentialKeeper,
    private readonly unusable: UnusableGrants,
  ) {}

  /** Answers `ok`, or the code of why not. Throws only what the stores throw. */
  async complete(consent: PendingConsent, outcome: LegOutcome, metadata: CommandMetadata): Promise<string> {
    try {
      if ('error' in outcome) throw outcome.error;
      await this.connect(consent, outcome.granted, metadata);
      return 'ok';
    } catch (error) {
      if ('granted' in outcome && error instanceof ConsentUnusable) {
        await this.unusable.handBack(consent.service, outcome.granted);
      }
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
      return this.decide(stream, new ConnectOAuthAccount(data, metadata));
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
    await this.decide(userMailSettingStream(company, userId), command);
  }

  private async decide(
    stream: string,
    command: ConnectOAuthAccount | RefuseConsent,
  ): Promise<Decision<unknown, unknown>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.runner.run(userMailSettingDecider, stream, command);
      } catch (error) {
        if (!(error instanceof StreamMovedOn) || attempt === TRIES) throw error;
      }
    }
  }

  private refusalOf(error: unknown): ConsentRefusal {
    if (error instanceof ConsentUnusable) return error.refusal;
    if (!(error instanceof ConsentLibraryFailure)) throw error;
    this.logger.warn({ reason: error.message }, 'A consent came back that does not fit what was sent.');
    return { code: 'provider_unavailable' };
  }
}
