import { Module } from '@nestjs/common';
import { Replayables } from '../../platform/audit-trail/index.js';
import { GatewaysModule } from '../../gateways/index.js';
import { DiagnosisController } from './diagnosis.controller.js';
import { EgressAddressesController } from './egress-addresses.controller.js';
import { EndpointClaims } from './endpoint-claims.js';
import { MailHostCheck } from './mail-host-check.js';
import { MailServerController } from './mail-server.controller.js';
import { mailServerHandlers } from './mail-server.handlers.js';
import { MailServerRecord } from './mail-server-record.js';
import { MailServerUsage } from './mail-server-usage.js';
import { replayableMailServer } from './replayable-mail-server.js';
import { MailServersView } from './read-model/mail-servers.view.js';

@Module({
  imports: [GatewaysModule],
  controllers: [DiagnosisController, MailServerController, EgressAddressesController],
  providers: [MailServersView, MailServerRecord, MailServerUsage, MailHostCheck, EndpointClaims, ...mailServerHandlers],
  exports: [MailServersView, MailServerRecord, MailServerUsage],
})
export class MailServerModule {
  constructor(replayables: Replayables) {
    replayables.register(replayableMailServer);
  }
}
