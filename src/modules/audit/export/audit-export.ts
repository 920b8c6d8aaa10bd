import { type BilingualText, type CommandMetadata, type Position } from '@libs/eventsourcing';
import { Injectable } from '@nestjs/common';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { AuditEventsView, type AuditFilter } from '../events/audit-events.view.js';
import { CompanyRecord } from '../integrity/company-record.js';
import { SealKeys } from '../integrity/seal-keys.js';
import { Sealing } from '../integrity/sealing.js';
import { auditExportDecider, ExportRecord } from './audit-export.decider.js';
import { auditExportStream, type RecordExported } from './audit-export.events.js';
import { bundleLines } from './bundle.js';
import { csvHead, exportedLine } from './event-rows.js';

const PAGE = 500;

/** Copies of the record. Each is put on the record before its first line leaves the service. */
@Injectable()
export class AuditExport {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly view: AuditEventsView,
    private readonly sealing: Sealing,
    private readonly record: CompanyRecord,
    private readonly keys: SealKeys,
  ) {}

  /** The lines of a readable export: what was on the record when it was asked for, the export itself included. */
  async lines(
    format: 'csv' | 'ndjson',
    filter: AuditFilter,
    metadata: CommandMetadata,
    language: keyof BilingualText,
  ): Promise<AsyncGenerator<string>> {
    const { company: _company, ...restrictions } = filter;
    const upTo = await this.note(format, onlyGiven(restrictions), metadata);
    return this.readableLines(format, filter, upTo, language);
  }

  /** The lines of a bundle that can be verified without this service; sealed up to its beginning. */
  async bundle(metadata: CommandMetadata): Promise<AsyncGenerator<string>> {
    await this.note('bundle', {}, metadata);
    await this.sealing.sealNow();
    return bundleLines(metadata.company, metadata.at, this.record.entries(metadata.company), this.keys.published());
  }

  private async note(
    format: RecordExported['data']['format'],
    filter: RecordExported['data']['filter'],
    metadata: CommandMetadata,
  ): Promise<Position> {
    const command = new ExportRecord({ format, filter }, metadata);
    const stream = auditExportStream(metadata.company);
    const { position } = await this.runner.run(auditExportDecider, stream, command, { memory: 'last' });
    if (position === null) throw new Error('An export was not put on the record.');
    return position;
  }

  /** Page by page, and the next page only when somebody takes it: memory does not grow with the record. */
  private async *readableLines(
    format: 'csv' | 'ndjson',
    filter: AuditFilter,
    upTo: Position,
    language: keyof BilingualText,
  ): AsyncGenerator<string> {
    if (format === 'csv') yield csvHead(language);
    for (let after: Position | null = null; ;) {
      const page = await this.view.list(filter, { order: 'asc', limit: PAGE, after, upTo });
      if (page.length > 0) yield page.map((event) => exportedLine(event, format)).join('');
      if (page.length < PAGE) return;
      after = page.at(-1)!.position;
    }
  }
}

function onlyGiven(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
