import { Module } from '@nestjs/common';
import { MicrosoftGateway } from './graph/microsoft-gateway.js';
import { MailGateways } from './mail-gateways.js';
import { MailSenders } from './mail-senders.js';

@Module({
  providers: [MailGateways, MicrosoftGateway, MailSenders],
  exports: [MailGateways, MicrosoftGateway, MailSenders],
})
export class GatewaysModule {}
