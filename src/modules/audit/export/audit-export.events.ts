import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/** What an export was restricted to; absent: by nothing. */
export type ExportFilter = Readonly<Record<string, string>>;

/** An auditor took a copy of the record out of the service. Stands in the record before the copy is made. */
export type RecordExported = DomainEvent<
  'RecordExported',
  {
    /** `bundle`: everything as stored, with the seals, to be verified elsewhere. */
    readonly format: 'csv' | 'ndjson' | 'bundle';
    readonly filter: ExportFilter;
  }
>;

export type AuditExportEvent = RecordExported;

export const auditExportEvents = defineEvents<AuditExportEvent>()({ RecordExported: { personal: [] } });

export const AUDIT_EXPORT = 'auditExport';
export const auditExportStream = (company: string): string => streamName(AUDIT_EXPORT, company);
