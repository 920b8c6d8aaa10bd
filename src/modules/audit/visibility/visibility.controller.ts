import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MailVisibility } from '../../../platform/audit-trail/index.js';
import { decodeCursor, encodeCursor, toPage } from '../../../platform/http/index.js';
import { type Caller, CurrentCaller, Roles } from '../../../platform/security/index.js';
import { rejectAudit } from '../audit.errors.js';
import { AtQuery, utcOf } from '../replay/setting-replay.dto.js';
import {
  SeenMailList,
  SeenMailPlace,
  SeenMailsQuery,
  toSeenMails,
  toVisibility,
  VisibilityResponse,
} from './visibility.dto.js';

/** 監査: who could read which mail, when, and by which decision. The mail itself is not shown. */
@ApiTags('監査')
@Controller('audit')
@Roles('auditor')
export class VisibilityController {
  constructor(private readonly visibility: MailVisibility) {}

  @Get('messages/:id/visibility')
  @ApiOperation({ summary: 'メールの公開範囲の再現 / who could read a mail at an instant' })
  @ApiOkResponse({ standardSchema: VisibilityResponse })
  async ofMessage(
    @CurrentCaller() { company }: Caller,
    @Param('id') id: string,
    @Query({ schema: AtQuery }) query: AtQuery,
  ): Promise<VisibilityResponse> {
    const at = utcOf(query.at);
    const visibility = await this.visibility.of(company, id, at);
    if (!visibility) throw rejectAudit('not_on_record');
    return toVisibility(at, visibility);
  }

  @Get('users/:userId/visible-messages')
  @ApiOperation({ summary: '閲覧可能だったメールの一覧 / every mail that a person could read at an instant' })
  @ApiOkResponse({ standardSchema: SeenMailList })
  async ofPerson(
    @CurrentCaller() { company }: Caller,
    @Param('userId') reader: string,
    @Query({ schema: SeenMailsQuery }) query: SeenMailsQuery,
  ): Promise<SeenMailList> {
    const place = decodeCursor(query.after, SeenMailPlace);
    const at = place?.at ?? utcOf(query.at);
    const found = await this.visibility.seenBy({
      company,
      reader,
      at,
      limit: query.limit + 1,
      after: place?.messageId ?? null,
    });
    const page = toPage(found, query.limit, ({ messageId }) => encodeCursor({ messageId, at }));
    return toSeenMails(at, page.items, page.next);
  }
}
