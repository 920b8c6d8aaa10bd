import { Module } from '@nestjs/common';
import { GatewaysModule } from '../../gateways/index.js';
import { Replayables } from '../../platform/audit-trail/index.js';
import { MailServerModule, MailServerUsage } from '../mail-server/index.js';
import { AccountTrial } from './account-trial.js';
import { CredentialDestruction } from './credential-destruction.reactor.js';
import { MailSettingErasure } from './mail-setting-erasure.js';
import { MailSettingPage } from './mail-setting-page.js';
import { MailSettingRecord } from './mail-setting-record.js';
import { MailboxActivity } from './mailbox-activity.js';
import { MailSettingsView } from './read-model/mail-settings.view.js';
import { replayableMailSetting } from './replayable-mail-setting.js';
import { ReleaseWithServer } from './release-with-server.reactor.js';
import { UserMailSettingController } from './user-mail-setting.controller.js';
import { userMailSettingHandlers } from './user-mail-setting.handlers.js';

@Module({
  imports: [MailServerModule, GatewaysModule],
  controllers: [UserMailSettingController],
  providers: [
    MailSettingsView,
    MailSettingRecord,
    MailSettingPage,
    MailboxActivity,
    AccountTrial,
    CredentialDestruction,
    MailSettingErasure,
    ReleaseWithServer,
    ...userMailSettingHandlers,
  ],
  exports: [MailSettingRecord, MailSettingsView, MailboxActivity],
})
export class UserMailSettingModule {
  constructor(usage: MailServerUsage, settings: MailSettingsView, replayables: Replayables) {
    replayables.register(replayableMailSetting);
    usage.register({ countOf: async (company, ids) => settings.countByServer(company, ids) });
  }
}
