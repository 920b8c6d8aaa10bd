import { Module } from '@nestjs/common';
import { AuditEventsController } from './events/audit-events.controller.js';
import { AuditEventsView } from './events/audit-events.view.js';
import { AuditExportController } from './export/audit-export.controller.js';
import { AuditExport } from './export/audit-export.js';
import { ErasedPeopleView } from './forgetting/erased-people.view.js';
import { Forgetting } from './forgetting/forgetting.js';
import { PeopleController } from './forgetting/people.controller.js';
import { ErasePersonHandler } from './forgetting/person.handlers.js';
import { CompanyRecord } from './integrity/company-record.js';
import { configuredSealKeys } from './integrity/configured-seal-keys.js';
import { IntegrityCheck } from './integrity/integrity-check.js';
import { IntegrityController } from './integrity/integrity.controller.js';
import { SealStore } from './integrity/seal-store.js';
import { Sealing } from './integrity/sealing.js';
import { RefusalRecorder } from './refusals/refusal-recorder.js';
import { SettingReplayController } from './replay/setting-replay.controller.js';
import { SettingReplay } from './replay/setting-replay.js';
import { Aging } from './retention/aging.js';
import { RetentionController } from './retention/retention.controller.js';
import { DecideRetentionHandler } from './retention/retention.handlers.js';
import { RetentionView } from './retention/retention.view.js';
import { VisibilityController } from './visibility/visibility.controller.js';

@Module({
  controllers: [
    AuditEventsController,
    SettingReplayController,
    VisibilityController,
    IntegrityController,
    AuditExportController,
    PeopleController,
    RetentionController,
  ],
  providers: [
    AuditEventsView,
    SettingReplay,
    configuredSealKeys,
    SealStore,
    Sealing,
    CompanyRecord,
    IntegrityCheck,
    AuditExport,
    RefusalRecorder,
    ErasedPeopleView,
    Forgetting,
    ErasePersonHandler,
    RetentionView,
    Aging,
    DecideRetentionHandler,
  ],
})
export class AuditModule {}
