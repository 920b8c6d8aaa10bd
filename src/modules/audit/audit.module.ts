import { Module } from '@nestjs/common';
import { AuditEventsController } from './events/audit-events.controller.js';
import { AuditEventsView } from './events/audit-events.view.js';
import { AuditExportController } from './export/audit-export.controller.js';
import { AuditExport } from './export/audit-export.js';
import { CompanyRecord } from './integrity/company-record.js';
import { configuredSealKeys } from './integrity/configured-seal-keys.js';
import { IntegrityCheck } from './integrity/integrity-check.js';
import { IntegrityController } from './integrity/integrity.controller.js';
import { SealStore } from './integrity/seal-store.js';
import { Sealing } from './integrity/sealing.js';
import { SettingReplayController } from './replay/setting-replay.controller.js';
import { SettingReplay } from './replay/setting-replay.js';

@Module({
  controllers: [AuditEventsController, SettingReplayController, IntegrityController, AuditExportController],
  providers: [
    AuditEventsView,
    SettingReplay,
    configuredSealKeys,
    SealStore,
    Sealing,
    CompanyRecord,
    IntegrityCheck,
    AuditExport,
  ],
  exports: [Sealing],
})
export class AuditModule {}
