import { Global, Module } from '@nestjs/common';
import { MailVisibility } from './mail-visibility.js';
import { PersonalData } from './personal-data.js';
import { RefusedAttempts } from './refused-attempts.js';
import { Replayables } from './replayables.js';

const registries = [Replayables, MailVisibility, PersonalData, RefusedAttempts];

/** The registries through which modules answer to auditors and to people who want to be forgotten. */
@Global()
@Module({ providers: registries, exports: registries })
export class AuditTrailModule {}
