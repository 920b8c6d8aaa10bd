import { Module } from '@nestjs/common';
import { MailGateways } from './mail-gateways.js';
import { MailSenders } from './mail-senders.js';

@Module({ providers: [MailGateways, MailSenders], exports: [MailGateways, MailSenders] })
export class GatewaysModule {}
