import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Request } from 'express';
import { z } from 'zod';
import { preferredLanguage } from '../../../platform/http/index.js';
import { RateLimits } from '../../../platform/rate-limits/index.js';
import { type Caller, CurrentCaller } from '../../../platform/security/index.js';
import { AbsenceAnswer, answerOf } from './absence-answer.js';
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

/** Of one person: each may send us to the mail server. */
const QUESTIONS_PER_MINUTE = 60;

/** 「このメールはなぜありませんか」: of the own mailbox only. */
@ApiTags('受信メール')
@Controller('inbox/absence')
export class AbsenceController {
  constructor(
    private readonly explanation: AbsenceExplanation,
    private readonly limits: RateLimits,
  ) {}

  @Get()
  @ApiOperation({ summary: '届かないメールの理由 / why a mail is not here (by messageId, or from and date)' })
  @ApiOkResponse({ standardSchema: AbsenceAnswer })
  async explain(
    @CurrentCaller() { company, userId }: Caller,
    @Query({ schema: AbsenceQuery }) { messageId: id, from = '', date = '' }: AbsenceQuery,
    @Req() request: Request,
  ): Promise<AbsenceAnswer> {
    const missed = id === undefined ? { from, date } : { messageId: id };
    await this.limits.take({ name: `absence|${company}|${userId}`, most: QUESTIONS_PER_MINUTE, perMs: 60_000 });
    const absence = await this.explanation.of(company, userId, missed);
    return answerOf(absence, preferredLanguage(request.headers['accept-language']));
  }
}
