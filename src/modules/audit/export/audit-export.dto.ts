import { z } from 'zod';
import { auditFilterFields } from '../events/audit-events.dto.js';

/** `GET /audit/export`. */
export const AuditExportQuery = z.strictObject({ ...auditFilterFields, format: z.enum(['csv', 'ndjson']) });
export type AuditExportQuery = z.output<typeof AuditExportQuery>;
