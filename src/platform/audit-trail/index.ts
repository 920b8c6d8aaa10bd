export { AuditTrailModule } from './audit-trail.module.js';
export { concealing, refusedAccessOf } from './concealed-refusals.js';
export {
  MailVisibility,
  type MailVisibilityAt,
  type MailVisibilitySource,
  type SeenMail,
  type SeenMailQuery,
  type VisibilityDecision,
} from './mail-visibility.js';
export { type AgingDataHolder, type ErasedCounts, PersonalData, type PersonalDataHolder } from './personal-data.js';
export { type RefusedAttempt, RefusedAttempts, type RefusedAttemptsRecorder } from './refused-attempts.js';
export {
  type Replay,
  type Replayable,
  replayableOf,
  Replayables,
  type ReplayedKind,
  type Shown,
} from './replayables.js';
