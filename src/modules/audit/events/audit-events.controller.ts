import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { decodeCursor, encodeCursor, toPage } from '../../../platform/http/index.js';
import { type Caller, CurrentCaller, Roles } from '../../../platform/security/index.js';
import { AuditEventList, AuditEventsQuery, AuditPlace, toFilter, toResponse } from './audit-events.dto.js';
import { AuditEventsView } from './audit-events.view.js';

/** 監査: who decided what, when (R46, R49). Auditors see decisions and never mail. */
@ApiTags('監査')
@Controller('audit/events')
@Roles('auditor')
export class AuditEventsController {
  constructor(private readonly view: AuditEventsView) {}

  @Get()
  @ApiOperation({ summary: '決定の一覧 / the decisions, in the order in which they were made' })
  @ApiOkResponse({ standardSchema: AuditEventList })
  async events(
    @CurrentCaller() { company }: Caller,
    @Query({ schema: AuditEventsQuery }) { limit, after, order, ...query }: AuditEventsQuery,
  ): Promise<AuditEventList> {
    const place = decodeCursor(after, AuditPlace)?.position ?? null;
    const found = await this.view.list(toFilter(company, query), { order, limit: limit + 1, after: place });
    const page = toPage(found, limit, ({ position }) => encodeCursor({ position }));
    return { items: page.items.map(toResponse), next: page.next };
  }
}
