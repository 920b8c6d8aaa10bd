import { Controller, HttpCode, Post, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Request } from 'express';
import { Readable } from 'node:stream';
import { Consumes, preferredLanguage } from '../../platform/http/index.js';
import { Metadata, Roles } from '../../platform/security/index.js';
import { answerInTime } from './import/answer-in-time.js';
import { LegacyImport } from './import/legacy-import.js';
import { LegacyImportResponse, toImportResponse } from './legacy-settings.dto.js';
import { reject } from './legacy-settings.errors.js';
import { csvRecords, NoHeaderRow } from './upload/csv-records.js';
import { decodeUpload } from './upload/decode-upload.js';
import { LEGACY_COLUMNS, legacyColumnRules } from './upload/legacy-columns.js';
import { ndjsonRecords } from './upload/ndjson-records.js';

/** Old settings come in as a file (R11, R12), which is read as it arrives and never held as a whole. */
@ApiTags('旧設定の切り替え')
@Controller('admin/legacy-settings')
@Roles('admin')
export class LegacyImportController {
  constructor(private readonly imports: LegacyImport) {}

  @Post()
  @HttpCode(200)
  @Consumes('text/csv', 'application/x-ndjson')
  @ApiConsumes('text/csv', 'application/x-ndjson')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOperation({ summary: '旧設定の取込み / import legacy settings' })
  @ApiOkResponse({ standardSchema: LegacyImportResponse })
  async import(
    @Req() request: Request,
    @Metadata() metadata: CommandMetadata,
  ): Promise<LegacyImportResponse | StreamableFile> {
    const answer = await answerInTime(this.run(request, metadata));
    return answer instanceof Readable
      ? new StreamableFile(answer, { type: 'application/json; charset=utf-8' })
      : answer;
  }

  private async run(request: Request, metadata: CommandMetadata): Promise<LegacyImportResponse> {
    // An answer must reach a caller who is still sending, so a refusal does not cut the connection.
    const text = decodeUpload(request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>);
    const lines = request.is('application/x-ndjson') ? ndjsonRecords(text) : csvRecords(text, legacyColumnRules);
    try {
      const result = await this.imports.run(lines, metadata);
      return toImportResponse(result, preferredLanguage(request.headers['accept-language']));
    } catch (error) {
      if (error instanceof NoHeaderRow) throw reject('legacy_header_invalid', { columns: LEGACY_COLUMNS.join(',') });
      throw error;
    } finally {
      request.resume();
    }
  }
}
