import { Module } from '@nestjs/common';
import { Replayables } from '../../platform/audit-trail/index.js';
import { GatewaysModule } from '../../gateways/index.js';
import { DiagnosisController } from './diagnosis.controller.js';
import { EgressAddressesController } from './egress-addresses.controller.js';
import { EndpointClaims } from './endpoint-claims.js';
import { GoogleApiSettingController } from './google-api-setting/google-api-setting.controller.js';
import { googleApiSettingHandlers } from './google-api-setting/google-api-setting.handlers.js';
import { GoogleApps } from './google-api-setting/google-apps.js';
import { GoogleSecretDestruction } from './google-api-setting/google-secret-destruction.reactor.js';
import { GoogleApiSettingsView } from './google-api-setting/read-model/google-api-settings.view.js';
import { replayableGoogleApiSetting } from './google-api-setting/replayable-google-api-setting.js';
import { MailHostCheck } from './mail-host-check.js';
import { MailServerController } from './mail-server.controller.js';
import { mailServerHandlers } from './mail-server.handlers.js';
import { MailServerRecord } from './mail-server-record.js';
import { MailServerUsage } from './mail-server-usage.js';
import { replayableMailServer } from './replayable-mail-server.js';
import { MailServersView } from './read-model/mail-servers.view.js';

@Module({
  imports: [GatewaysModule],
  controllers: [DiagnosisController, MailServerController, EgressAddressesController, GoogleApiSettingController],
  providers: [
    MailServersView,
    MailServerRecord,
    MailServerUsage,
    MailHostCheck,
    EndpointClaims,
    ...mailServerHandlers,
    GoogleApps,
    GoogleApiSettingsView,
    GoogleSecretDestruction,
    ...googleApiSettingHandlers,
  ],
  exports: [MailServersView, MailServerRecord, MailServerUsage, GoogleApps],
})
export class MailServerModule {
  constructor(replayables: Replayables) {
    replayables.register(replayableMailServer);
    replayables.register(replayableGoogleApiSetting);
  }
}
