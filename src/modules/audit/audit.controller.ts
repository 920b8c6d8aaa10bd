import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { decodeCursor, encodeCursor, toPage } from '../../platform/http/index.js';
import { type Caller, CurrentCaller, Roles } from '../../platform/security/index.js';
import { AuditEventList, AuditEventsQuery, AuditPlace, toResponse } from './audit.dto.js';
import { AuditEventsView } from './read-model/audit-events.view.js';

/** 監査: who decided what, when (R46, R49). Auditors see decisions and never mail. */
@ApiTags('監査')
@Controller('audit')
@Roles('auditor')
export class AuditController {
  constructor(private readonly view: AuditEventsView) {}

  @Get('events')
  @ApiOperation({ summary: '決定の一覧 / the decisions, in the order in which they were made' })
  @ApiOkResponse({ standardSchema: AuditEventList })
  async events(
    @CurrentCaller() { company }: Caller,
    @Query({ schema: AuditEventsQuery }) query: AuditEventsQuery,
  ): Promise<AuditEventList> {
    const { userId, actor: actorId, type, since, until, limit } = query;
    const found = await this.view.list({
      company,
      userId,
      actorId,
      type,
      since: since === undefined ? undefined : new Date(since).toISOString(),
      until: until === undefined ? undefined : new Date(until).toISOString(),
      limit: limit + 1,
      after: decodeCursor(query.after, AuditPlace)?.position ?? null,
    });
    const page = toPage(found, limit, ({ position }) => encodeCursor({ position }));
    return { items: page.items.map(toResponse), next: page.next };
  }
}
