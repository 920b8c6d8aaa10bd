import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Request } from 'express';
import { z } from 'zod';
import { preferredLanguage } from '../../../platform/http/index.js';
import { type Caller, CurrentCaller } from '../../../platform/security/index.js';
import { absenceTexts } from './absence-texts.js';
import { AbsenceExplanation } from './absence.js';

const messageId = z.string().trim().min(1).max(998);
const AbsenceQuery = z
  .strictObject({
    messageId: messageId.optional(),
    from: z.string().trim().min(1).max(320).optional(),
    date: z.iso.date().optional(),
  })
  .refine((query) => (query.messageId === undefined) === (query.from !== undefined && query.date !== undefined), {
    path: ['messageId'],
    error: 'Give messageId, or from and date.',
  });
type AbsenceQuery = z.infer<typeof AbsenceQuery>;

const Absence = z
  .object({
    reason: z.enum([
      'here',
      'quarantined',
      'mailbox_not_connected',
      'mailbox_paused',
      'before_import_day',
      'not_yet_fetched',
      'not_in_inbox',
    ]),
    detail: z.string(),
    messageIds: z.array(z.string()).meta({ description: 'Mails like it: here, or in quarantine' }),
  })
  .meta({ id: 'Absence' });
type Absence = z.infer<typeof Absence>;

/** 「このメールはなぜありませんか」: of the own mailbox only. */
@ApiTags('受信メール')
@Controller('inbox/absence')
export class AbsenceController {
  constructor(private readonly explanation: AbsenceExplanation) {}

  @Get()
  @ApiOperation({ summary: '届かないメールの理由 / why a mail is not here (by messageId, or from and date)' })
  @ApiOkResponse({ standardSchema: Absence })
  async explain(
    @CurrentCaller() { company, userId }: Caller,
    @Query({ schema: AbsenceQuery }) { messageId: id, from = '', date = '' }: AbsenceQuery,
    @Req() request: Request,
  ): Promise<Absence> {
    const missed = id === undefined ? { from, date } : { messageId: id };
    const { reason, messageIds } = await this.explanation.of(company, userId, missed);
    const detail = absenceTexts[reason][preferredLanguage(request.headers['accept-language'])];
    return { reason, detail, messageIds: [...messageIds] };
  }
}
