import { Module } from '@nestjs/common';
import { GoogleGateway } from './gmail/google-gateway.js';
import { MicrosoftGateway } from './graph/microsoft-gateway.js';
import { MailGateways } from './mail-gateways.js';
import { MailSenders } from './mail-senders.js';

@Module({
  providers: [MailGateways, MicrosoftGateway, GoogleGateway, MailSenders],
  exports: [MailGateways, MicrosoftGateway, GoogleGateway, MailSenders],
})
export class GatewaysModule {}
