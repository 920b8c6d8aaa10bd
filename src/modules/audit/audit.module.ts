import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditEventsView } from './read-model/audit-events.view.js';

@Module({ controllers: [AuditController], providers: [AuditEventsView] })
export class AuditModule {}
