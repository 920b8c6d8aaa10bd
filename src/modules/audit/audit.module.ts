import { Module } from '@nestjs/common';
import { AuditEventsController } from './events/audit-events.controller.js';
import { AuditEventsView } from './events/audit-events.view.js';
import { SettingReplayController } from './replay/setting-replay.controller.js';
import { SettingReplay } from './replay/setting-replay.js';

@Module({
  controllers: [AuditEventsController, SettingReplayController],
  providers: [AuditEventsView, SettingReplay],
})
export class AuditModule {}
