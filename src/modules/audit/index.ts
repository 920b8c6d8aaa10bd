export { AUDIT_EXPORT, type AuditExportEvent, auditExportEvents } from './export/audit-export.events.js';
export { auditErrors } from './audit.errors.js';
export { AuditModule } from './audit.module.js';
export { Sealing } from './integrity/sealing.js';
