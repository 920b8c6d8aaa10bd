import { Module } from '@nestjs/common';
import { MailGateways } from './mail-gateways.js';

@Module({ providers: [MailGateways], exports: [MailGateways] })
export class GatewaysModule {}
