export { AUDIT_EXPORT, type AuditExportEvent, auditExportEvents } from './export/audit-export.events.js';
export { PERSON, type PersonEvent, personEvents } from './forgetting/person.events.js';
export { Forgetting } from './forgetting/forgetting.js';
export {
  REFUSED_ATTEMPTS,
  type RefusedAttemptsEvent,
  refusedAttemptsEvents,
} from './refusals/refused-attempts.events.js';
export { RefusalRecorder } from './refusals/refusal-recorder.js';
export { Aging, AGING_JOB } from './retention/aging.js';
export { RETENTION, type RetentionEvent, retentionEvents } from './retention/retention.events.js';
export { auditErrors } from './audit.errors.js';
export { AuditModule } from './audit.module.js';
export { openRecord } from './integrity/open-record.js';
export { verifyEverything } from './integrity/verify-everything.js';
export { Sealing } from './integrity/sealing.js';
