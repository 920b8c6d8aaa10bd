import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Request, type Response } from 'express';
import { correlationIdOf } from '../../../platform/observability/index.js';
import { Public } from '../../../platform/security/index.js';
import { ConsentCompletion } from './consent-completion.js';
import { ConsentFlow } from './consent-flow.js';
import { ConsentGuard, type LegOutcome } from './consent.guard.js';
import { ConsentUnusable } from './consent-refusal.js';
import { type PendingConsent } from './pending-consents.js';
import { withResult } from './return-url.policy.js';

/**
 * Where browsers go to and come back from a provider: `/oauth/office365/…`, `/oauth/google/…`. They carry no token of
 * HRBC's; who they are follows from the ticket, and then from the state together with the browser.
 */
@ApiExcludeController()
@Public()
@UseGuards(ConsentGuard)
@Controller('oauth/:provider')
export class ConsentController {
  constructor(
    private readonly flow: ConsentFlow,
    private readonly completion: ConsentCompletion,
  ) {}

  /** Reached only where the browser could not be sent off. */
  @Get('start')
  async start(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Get('callback')
  async callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  private async answer(request: Request, response: Response): Promise<void> {
    const consent = this.flow.consentOf(request);
    const outcome = request.user as LegOutcome;
    const result =
      consent === null
        ? codeOf(outcome)
        : await this.completion.complete(consent, outcome, metadataOf(consent, request));
    // The address holds a code: neither a cache nor the next page's Referer shall have it.
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.redirect(302, withResult(await this.flow.returnUrlOf(request), result));
  }
}

/** Of an answer that belongs to no consent (any more). */
function codeOf(outcome: LegOutcome): string {
  if ('error' in outcome && outcome.error instanceof ConsentUnusable) return outcome.error.refusal.code;
  throw 'error' in outcome ? outcome.error : new Error('A consent without anybody who gave it.');
}

/** The user acts who began it: the ticket and the browser are the proof. */
function metadataOf({ company, actor, correlationId }: PendingConsent, request: Request): CommandMetadata {
  return {
    company,
    actor,
    at: new Date().toISOString(),
    correlationId,
    causationId: correlationIdOf(request),
    ...(request.ip !== undefined && { clientAddress: request.ip }),
  };
}
