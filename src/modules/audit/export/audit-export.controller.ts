import { Controller, Get, Headers, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Response } from 'express';
import { Readable } from 'node:stream';
import { preferredLanguage } from '../../../platform/http/index.js';
import { type Caller, CurrentCaller, Metadata, Roles } from '../../../platform/security/index.js';
import { toFilter } from '../events/audit-events.dto.js';
import { AuditExportQuery } from './audit-export.dto.js';
import { AuditExport } from './audit-export.js';

const CONTENT_TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' };

/** 監査: copies of the record, for spreadsheets, for programs, and for proof. */
@ApiTags('監査')
@Controller('audit')
@Roles('auditor')
export class AuditExportController {
  constructor(private readonly exports: AuditExport) {}

  @Get('export')
  @ApiOperation({ summary: '決定の書き出し / the decisions as CSV or NDJSON, streamed' })
  @ApiProduces('text/csv', 'application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string' } })
  async export(
    @CurrentCaller() { company }: Caller,
    @Metadata() metadata: CommandMetadata,
    @Query({ schema: AuditExportQuery }) { format, ...query }: AuditExportQuery,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const language = preferredLanguage(acceptLanguage);
    const lines = await this.exports.lines(format, toFilter(company, query), metadata, language);
    return download(response, lines, `audit-${dayOf(metadata)}.${format}`, CONTENT_TYPES[format]);
  }

  @Get('bundle')
  @ApiOperation({ summary: '検証用データ一式 / events, seals and public keys, to be verified elsewhere' })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string' } })
  async bundle(
    @Metadata() metadata: CommandMetadata,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const lines = await this.exports.bundle(metadata);
    return download(response, lines, `audit-bundle-${dayOf(metadata)}.ndjson`, CONTENT_TYPES.ndjson);
  }
}

function download(response: Response, lines: AsyncGenerator<string>, name: string, type: string): StreamableFile {
  response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  return new StreamableFile(Readable.from(lines, { objectMode: false }), {
    type,
    disposition: `attachment; filename="${name}"`,
  });
}

const dayOf = ({ at }: CommandMetadata): string => at.slice(0, 10);
