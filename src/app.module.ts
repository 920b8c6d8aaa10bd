import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { categories, events } from './events.js';
import { AuditModule } from './modules/audit/index.js';
import { InboxModule } from './modules/inbox/index.js';
import { LegacySettingsModule } from './modules/legacy-settings/index.js';
import { MailServerModule } from './modules/mail-server/index.js';
import { OutboxModule } from './modules/outbox/index.js';
import { UserMailSettingModule } from './modules/user-mail-setting/index.js';
import { AuditTrailModule } from './platform/audit-trail/index.js';
import { CredentialKeepingModule } from './platform/credential-keeping/index.js';
import { type AppConfig, ConfigModule } from './platform/config/index.js';
import { HttpModule } from './platform/http/index.js';
import { ObservabilityModule } from './platform/observability/index.js';
import { SchedulingModule } from './platform/scheduling/index.js';
import { SecurityModule } from './platform/security/index.js';
import { StoresModule } from './platform/stores.module.js';
import { Schedule } from './schedule.js';
import { NO_SERVERS, SandboxModule, type SandboxServers } from './sandbox/index.js';
import { type StoreAddresses } from './stores.js';

/** The service, put together. Reads like its table of contents. */
@Module({})
export class AppModule {
  static of(config: AppConfig, stores: StoreAddresses, sandbox: SandboxServers = NO_SERVERS): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule,
        CqrsModule.forRoot({}),
        StoresModule.forRoot({ ...stores, events, categories }),
        SecurityModule,
        HttpModule,
        SchedulingModule,
        AuditTrailModule,
        CredentialKeepingModule,

        MailServerModule,
        UserMailSettingModule,
        InboxModule,
        OutboxModule,
        LegacySettingsModule,
        AuditModule,

        ...(config.sandbox ? [SandboxModule.with(sandbox)] : []),
      ],
      providers: [Schedule],
    };
  }
}
