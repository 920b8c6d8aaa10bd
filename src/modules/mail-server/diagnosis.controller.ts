import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Request } from 'express';
import { z } from 'zod';
import { MailGateways } from '../../gateways/index.js';
import { preferredLanguage } from '../../platform/http/index.js';
import { RateLimits } from '../../platform/rate-limits/index.js';
import { type Caller, CurrentCaller, Roles } from '../../platform/security/index.js';
import { hostName, port } from './mail-server.dto.js';

const NO_LINE_BREAKS = /^[^\r\n]*$/;
const DiagnosisInput = z
  .strictObject({
    protocol: z.enum(['imap', 'pop3']),
    security: z.enum(['none', 'ssl']),
    host: hostName,
    port,
    accountName: z.string().trim().min(1).max(320).regex(NO_LINE_BREAKS).optional(),
    password: z.string().min(1).max(1024).regex(NO_LINE_BREAKS).optional(),
  })
  .meta({ id: 'DiagnosisInput' });
type DiagnosisInput = z.infer<typeof DiagnosisInput>;

const Diagnosis = z
  .object({
    ok: z.boolean(),
    steps: z.array(
      z.object({
        step: z.enum(['name', 'address', 'connect', 'tls', 'greeting', 'login', 'inbox']),
        ok: z.boolean(),
        detail: z.string(),
        ms: z.number(),
        code: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Diagnosis' });
type Diagnosis = z.infer<typeof Diagnosis>;

/** Of one company: enough for finding out, too little for searching the internet for open ports or passwords. */
const DIAGNOSES_PER_MINUTE = 20;

/** Finds out by itself what is wrong with a customer's server, which HRBC's support cannot see (R22). */
@ApiTags('メールサーバー')
@Controller('mail-servers/diagnosis')
export class DiagnosisController {
  constructor(
    private readonly gateways: MailGateways,
    private readonly limits: RateLimits,
  ) {}

  @Post()
  @HttpCode(200)
  @Roles('admin')
  @ApiOperation({ summary: '接続診断 / try a mail server, step by step' })
  @ApiOkResponse({ standardSchema: Diagnosis })
  async diagnose(
    @Body({ schema: DiagnosisInput }) input: DiagnosisInput,
    @CurrentCaller() { company }: Caller,
    @Req() request: Request,
  ): Promise<Diagnosis> {
    await this.limits.take({ name: `diagnosis|${company}`, most: DIAGNOSES_PER_MINUTE, perMs: 60_000 });
    const { ok, steps } = await this.gateways.diagnose(input);
    const language = preferredLanguage(request.headers['accept-language']);
    return {
      ok,
      steps: steps.map(({ step, ok: fine, detail, ms, code }) => ({
        step,
        ok: fine,
        detail: detail[language],
        ms,
        ...(code === undefined ? {} : { code }),
      })),
    };
  }
}
