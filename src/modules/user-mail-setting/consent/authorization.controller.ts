import { Body, Controller, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type CommandMetadata } from '@libs/eventsourcing';
import { type Request } from 'express';
import { z } from 'zod';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { preferredLanguage } from '../../../platform/http/index.js';
import { RateLimits } from '../../../platform/rate-limits/index.js';
import { type Caller, CurrentCaller, Metadata } from '../../../platform/security/index.js';
import { MailServerRecord } from '../../mail-server/index.js';
import { reject } from '../user-mail-setting.errors.js';
import { type OAuthProvider, OAuthProviders } from './oauth-provider.js';
import { PendingConsents } from './pending-consents.js';
import { isReturnAllowed } from './return-url.policy.js';

const AuthorizationInput = z
  .strictObject({
    mailServerId: z.string().trim().min(1).max(100),
    returnUrl: z.string().max(2_000).optional().meta({ description: 'Where the browser goes afterwards; default: /' }),
  })
  .meta({ id: 'AuthorizationInput' });
type AuthorizationInput = z.infer<typeof AuthorizationInput>;

const AuthorizationResponse = z
  .object({
    authorizationUrl: z.string().meta({ description: 'Send the browser there. Good once, for ten minutes' }),
    expiresAt: z.iso.datetime({ offset: true }),
    notice: z.string().optional().meta({ description: "What to tell the user before the provider's pages come" }),
  })
  .meta({ id: 'Authorization' });
type AuthorizationResponse = z.infer<typeof AuthorizationResponse>;

const STARTS_PER_MINUTE = 20;

/** 「Office365にログインする」「Googleにログインする」(R24): by the user, for the own mailbox and nobody else's (R23). */
@ApiTags('ユーザーメール設定')
@Controller('me/mail-setting/authorization')
export class AuthorizationController {
  constructor(
    private readonly servers: MailServerRecord,
    private readonly providers: OAuthProviders,
    private readonly pending: PendingConsents,
    private readonly limits: RateLimits,
    @InjectConfig() private readonly config: AppConfig,
  ) {}

  @Post()
  @ApiOperation({ summary: 'ログインする / begin the consent at the provider' })
  @ApiCreatedResponse({ standardSchema: AuthorizationResponse })
  async begin(
    @Body({ schema: AuthorizationInput }) { mailServerId, returnUrl }: AuthorizationInput,
    @CurrentCaller() { company, userId, email }: Caller,
    @Metadata() { actor, correlationId }: CommandMetadata,
    @Req() request: Request,
  ): Promise<AuthorizationResponse> {
    const { publicUrl, returnOrigins } = this.config.http;
    if (returnUrl !== undefined && !isReturnAllowed(returnUrl, returnOrigins)) {
      throw reject('return_url_not_allowed', {}, { field: 'returnUrl' });
    }
    const provider = await this.providerFor(company, mailServerId);
    await this.limits.take({ name: `authorization|${company}|${userId}`, most: STARTS_PER_MINUTE, perMs: 60_000 });
    const { ticket, expiresAt } = await this.pending.open({
      company,
      userId,
      mailServerId,
      address: email,
      service: provider.service,
      returnUrl: returnUrl ?? `${publicUrl}/`,
      actor,
      correlationId,
    });
    // Our own address first: only there the browser can be marked, for HRBC's web tier asks on the user's behalf.
    const authorizationUrl = `${publicUrl}/oauth/${provider.path}/start?ticket=${ticket}`;
    const notice = provider.notice?.[preferredLanguage(request.headers['accept-language'])];
    return { authorizationUrl, expiresAt: expiresAt.toISOString(), ...(notice !== undefined && { notice }) };
  }

  private async providerFor(company: string, mailServerId: string): Promise<OAuthProvider> {
    const server = await this.servers.current(company, mailServerId);
    if (server.status !== 'registered') throw reject('mail_server_unknown', {}, { field: 'mailServerId' });
    const { service } = server.description;
    if (service === 'other') throw reject('password_login_required', { name: server.name }, { field: 'mailServerId' });
    const provider = this.providers.of(service);
    await provider.mustBeReady(company);
    return provider;
  }
}
