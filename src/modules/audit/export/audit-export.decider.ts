import { type CommandMetadata, type Decider, type DomainCommand } from '@libs/eventsourcing';
import { type AuditExportEvent, type RecordExported } from './audit-export.events.js';

export class ExportRecord implements DomainCommand<'ExportRecord', RecordExported['data']> {
  readonly type = 'ExportRecord';
  constructor(
    readonly data: RecordExported['data'],
    readonly metadata: CommandMetadata,
  ) {}
}

/** Every export is an event of its own, also the same one again. */
export const auditExportDecider: Decider<null, ExportRecord, AuditExportEvent> = {
  initialState: null,
  evolve: (state) => state,
  decide: ({ data }) => [{ type: 'RecordExported', data }],
};
