import { Module } from '@nestjs/common';
import { GatewaysModule } from '../../gateways/index.js';
import { Replayables } from '../../platform/audit-trail/index.js';
import { MailServerModule, MailServerUsage } from '../mail-server/index.js';
import { AdminConsentController } from './admin-consent/admin-consent.controller.js';
import { AdminConsentLinks } from './admin-consent/admin-consent-links.js';
import { AdminConsentsView } from './admin-consent/admin-consents.view.js';
import { AccountTrial } from './account-trial.js';
import { AuthorizationController } from './consent/authorization.controller.js';
import { ConsentCompletion } from './consent/consent-completion.js';
import { UnusableGrants } from './consent/unusable-grants.js';
import { ConsentController } from './consent/consent.controller.js';
import { FrontPageController } from './consent/front-page.controller.js';
import { ConsentFlow } from './consent/consent-flow.js';
import { GoogleClientChange } from './consent/google/google-client-change.reactor.js';
import { GoogleProvider } from './consent/google/google-provider.js';
import { OAuthProviders } from './consent/oauth-provider.js';
import { Office365Provider } from './consent/office365/office365-provider.js';
import { PendingConsents } from './consent/pending-consents.js';
import { CredentialDestruction } from './credential-destruction.reactor.js';
import { MailSettingErasure } from './mail-setting-erasure.js';
import { legacySettingHandlers } from './legacy-setting.handlers.js';
import { MailSettingPage } from './mail-setting-page.js';
import { MailSettingProblems } from './mail-setting-problems.js';
import { MailSettingRecord } from './mail-setting-record.js';
import { MailboxActivity } from './mailbox-activity.js';
import { MailSettingsView } from './read-model/mail-settings.view.js';
import { replayableMailSetting } from './replayable-mail-setting.js';
import { ReleaseWithServer } from './release-with-server.reactor.js';
import { AppAlarm } from './tokens/app-alarm.js';
import { MailboxTokens } from './tokens/mailbox-tokens.js';
import { UserMailSettingController } from './user-mail-setting.controller.js';
import { userMailSettingHandlers } from './user-mail-setting.handlers.js';

@Module({
  imports: [MailServerModule, GatewaysModule],
  controllers: [
    AdminConsentController,
    ConsentController,
    FrontPageController,
    AuthorizationController,
    UserMailSettingController,
  ],
  providers: [
    MailSettingsView,
    MailSettingRecord,
    MailSettingProblems,
    MailSettingPage,
    MailboxActivity,
    AccountTrial,
    CredentialDestruction,
    MailSettingErasure,
    ReleaseWithServer,
    OAuthProviders,
    Office365Provider,
    GoogleProvider,
    GoogleClientChange,
    PendingConsents,
    ConsentFlow,
    ConsentCompletion,
    UnusableGrants,
    AppAlarm,
    MailboxTokens,
    AdminConsentLinks,
    AdminConsentsView,
    ...userMailSettingHandlers,
    ...legacySettingHandlers,
  ],
  exports: [MailSettingRecord, MailSettingsView, MailboxActivity, MailboxTokens, OAuthProviders, PendingConsents],
})
export class UserMailSettingModule {
  constructor(usage: MailServerUsage, settings: MailSettingsView, replayables: Replayables) {
    replayables.register(replayableMailSetting);
    usage.register({ countOf: async (company, ids) => settings.countByServer(company, ids) });
  }
}
