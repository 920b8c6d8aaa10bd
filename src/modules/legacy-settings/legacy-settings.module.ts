import { Module } from '@nestjs/common';
import { MailServerModule } from '../mail-server/index.js';
import { UserMailSettingModule } from '../user-mail-setting/index.js';
import { CampaignWorker } from './campaign/campaign-worker.js';
import { LegacyCampaigns } from './campaign/legacy-campaigns.js';
import { Enforcement } from './enforcement.js';
import { LegacyImport } from './import/legacy-import.js';
import { OtherServers } from './import/other-servers.js';
import { LegacyExport } from './legacy-export.js';
import { LegacyImportController } from './legacy-import.controller.js';
import { LegacySettingsController } from './legacy-settings.controller.js';
import { LegacyCampaignsView } from './read-model/legacy-campaigns.view.js';
import { LegacySettingsView } from './read-model/legacy-settings.view.js';
import { RecognitionResolver, SystemRecognitionResolver } from './recognition/service-recognition.js';

@Module({
  imports: [MailServerModule, UserMailSettingModule],
  controllers: [LegacyImportController, LegacySettingsController],
  providers: [
    LegacySettingsView,
    LegacyCampaignsView,
    OtherServers,
    LegacyImport,
    LegacyCampaigns,
    CampaignWorker,
    Enforcement,
    LegacyExport,
    { provide: RecognitionResolver, useClass: SystemRecognitionResolver },
  ],
  exports: [CampaignWorker, Enforcement],
})
export class LegacySettingsModule {}
