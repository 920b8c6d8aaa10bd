import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { bareScope, identityFault, returnedError } from '../../../gateways/index.js';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { correlationIdOf } from '../../../platform/observability/index.js';
import { type Caller, CurrentCaller, Public, Roles } from '../../../platform/security/index.js';
import { arrivalRefusal } from '../consent/office365/office365-refusals.js';
import { withResult } from '../consent/return-url.policy.js';
import { MailSettingsView } from '../read-model/mail-settings.view.js';
import { reject } from '../user-mail-setting.errors.js';
import { adminConsentDecider, type AnsweredAdminConsent, RecordAdminConsent } from './admin-consent.decider.js';
import { adminConsentStream } from './admin-consent.events.js';
import { AdminConsentLinks } from './admin-consent-links.js';
import { AdminConsentsView } from './admin-consents.view.js';

const AdminConsentResponse = z
  .object({
    adminConsentUrl: z.string().meta({ description: 'For the Microsoft 365 administrator of the company' }),
    grantedAt: z.iso.datetime({ offset: true }).nullable(),
    waiting: z.number().meta({ description: 'Users who cannot sign in before it is given' }),
  })
  .meta({ id: 'Office365AdminConsent' });
type AdminConsentResponse = z.infer<typeof AdminConsentResponse>;

/**
 * Most tenants let nobody but an administrator allow an app to read mail (Microsoft's managed consent policy, since late
 * 2025): the link by which that is done, whether it was, and how many people wait for it.
 */
@ApiTags('管理')
@Controller()
export class AdminConsentController {
  constructor(
    private readonly links: AdminConsentLinks,
    private readonly view: AdminConsentsView,
    private readonly settings: MailSettingsView,
    private readonly runner: DeciderRunner,
    @InjectConfig() private readonly config: AppConfig,
  ) {}

  @Get('admin/office365-consent')
  @Roles('admin')
  @ApiOperation({ summary: 'Office365の管理者の承認 / consent of the Microsoft administrator' })
  @ApiOkResponse({ standardSchema: AdminConsentResponse })
  async show(@CurrentCaller() { company }: Caller): Promise<AdminConsentResponse> {
    const { grantedAt, tenantId } = await this.view.find(company);
    const adminConsentUrl = await this.links.of(company, tenantId);
    if (adminConsentUrl === null) throw reject('office365_not_configured');
    return { adminConsentUrl, grantedAt, waiting: await this.settings.countWaitingForAdminConsent(company) };
  }

  /** Where Microsoft sends the administrator's browser back to. */
  @Get('oauth/office365/admin-consent')
  @Public()
  @ApiExcludeEndpoint()
  async answered(@Query() query: Request['query'], @Req() request: Request, @Res() response: Response): Promise<void> {
    const company = typeof query['state'] === 'string' ? await this.links.use(query['state']) : null;
    const answer = answerIn(query);
    if (company !== null && answer !== null) {
      const command = new RecordAdminConsent(answer, metadataOf(company, request));
      await this.runner.run(adminConsentDecider, adminConsentStream(company), command);
    }
    const result = company === null || answer === null ? 'authorization_expired' : resultOf(answer);
    response.setHeader('Cache-Control', 'no-store');
    response.redirect(302, withResult(`${this.config.http.publicUrl}/`, result));
  }
}

/** null: what came is no answer of Microsoft's. */
function answerIn(query: Request['query']): AnsweredAdminConsent | null {
  const refusal = returnedError(query);
  if (refusal !== null) return { answer: 'refused', code: arrivalRefusal(refusal.error, identityFault(refusal)).code };
  const { admin_consent: given, tenant, scope } = query;
  if (given !== 'True' || typeof tenant !== 'string' || !/^[0-9a-f-]{36}$/i.test(tenant)) return null;
  const scopes = typeof scope === 'string' ? scope.split(' ').filter(Boolean).map(bareScope) : [];
  return { answer: 'given', tenantId: tenant, scopes };
}

const resultOf = (answer: AnsweredAdminConsent): string => (answer.answer === 'given' ? 'ok' : answer.code);

/** Who it was at Microsoft nobody says; only that they had the link. */
function metadataOf(company: string, request: Request): CommandMetadata {
  const correlationId = correlationIdOf(request);
  return {
    company,
    actor: { kind: 'system', name: 'microsoft-administrator' },
    at: new Date().toISOString(),
    correlationId,
    causationId: correlationId,
    reason: 'A Microsoft administrator came back by the link of the company.',
  };
}
