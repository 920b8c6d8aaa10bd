import { Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { createHash } from 'node:crypto';
import {
  bareScope,
  GatewayError,
  IdentityError,
  identityFault,
  MicrosoftGateway,
  returnedError,
  type TokenSet,
} from '../../../../gateways/index.js';
import { type AppConfig, InjectConfig } from '../../../../platform/config/index.js';
import { AppAlarm } from '../../tokens/app-alarm.js';
import { reject } from '../../user-mail-setting.errors.js';
import { type ConsentRefusal, ConsentUnusable } from '../consent-refusal.js';
import {
  type BuiltStrategy,
  type ConsentMemory,
  type ConsentRequest,
  type ExaminedConsent,
  type GrantedTokens,
  type OAuthProvider,
  OAuthProviders,
  type Remember,
  type StoredTokens,
} from '../oauth-provider.js';
import { newSecret } from '../pending-consents.js';
import { arrivalRefusal, examinationRefusal, redemptionRefusal } from './office365-refusals.js';
import { oidcStrategy, type StateTuple, storedTokens } from './oidc-strategy.js';

/** What reading and sending take; without them nothing is stored. */
export const GRAPH_SCOPES = ['User.Read', 'Mail.Read', 'Mail.Send'] as const;
const SCOPES = ['openid', 'profile', 'email', 'offline_access', ...GRAPH_SCOPES];
/** Personal Microsoft accounts (id-token-claims-reference.md): Outlook.com, Microsoft 365 Personal. */
const CONSUMER_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Consent at Microsoft (R24, R25, R08), by HRBC's one multi-tenant app (R17). */
@Injectable()
export class Office365Provider implements OAuthProvider {
  readonly service = 'office365';
  readonly path = 'office365';
  private readonly redirectUrl: string;

  constructor(
    private readonly microsoft: MicrosoftGateway,
    private readonly alarm: AppAlarm,
    providers: OAuthProviders,
    @InjectConfig() { http }: AppConfig,
  ) {
    this.redirectUrl = `${http.publicUrl}/oauth/office365/callback`;
    providers.register(this);
  }

  async mustBeReady(): Promise<void> {
    if (this.microsoft.app === null) throw reject('office365_not_configured');
  }

  async departure({ address }: ConsentRequest, remember: Remember): Promise<BuiltStrategy> {
    const codeVerifier = newSecret();
    let kept: StateTuple | undefined;
    return {
      strategy: this.strategy({ keep: (tuple) => (kept = tuple) }),
      options: {
        login_hint: address,
        extraAuthReqQueryParams: { code_challenge: challengeOf(codeVerifier), code_challenge_method: 'S256' },
      },
      beforeRedirect: async () => {
        if (!kept) throw new Error('The library drew no state.');
        await remember({ ...kept, codeVerifier });
      },
    };
  }

  async arrival(_consent: ConsentRequest, { state, nonce, codeVerifier }: ConsentMemory): Promise<BuiltStrategy> {
    let reason: ConsentUnusable | undefined;
    const redeem = async (code: string): Promise<TokenSet> => {
      try {
        return await this.alarm.watch(this.service, async () =>
          this.microsoft.redeem({
            code,
            redirect_uri: this.redirectUrl,
            scope: SCOPES.join(' '),
            code_verifier: codeVerifier,
          }),
        );
      } catch (error) {
        if (error instanceof IdentityError) reason = new ConsentUnusable(redemptionRefusal(error.fault));
        throw error;
      }
    };
    const inner = this.strategy({ kept: { state, nonce: nonce ?? '' }, redeem });
    return { strategy: inner, reason: () => reason };
  }

  refusalOf(query: Request['query']): ConsentRefusal | null {
    const answer = returnedError(query);
    return answer && arrivalRefusal(answer.error, identityFault(answer));
  }

  async examine({ address }: ConsentRequest, granted: GrantedTokens): Promise<ExaminedConsent> {
    const { tokens, claims, grantedScopes } = granted;
    const { tid: tenantId, oid, iss, preferred_username: name } = claims;
    if (typeof tenantId !== 'string' || iss !== this.microsoft.authority(tenantId, '/v2.0')) {
      throw new ConsentUnusable({ code: 'provider_unavailable' });
    }
    if (tenantId === CONSUMER_TENANT) {
      throw new ConsentUnusable({
        code: 'mailbox_not_supported',
        ...(typeof name === 'string' && { consentedAddress: name }),
      });
    }
    const missingPermissions = missingOf(grantedScopes, tokens);
    if (missingPermissions.length > 0) throw new ConsentUnusable({ code: 'permission_missing', missingPermissions });
    try {
      const { objectId, mail, userPrincipalName } = await this.microsoft.profileOf(tokens.accessToken);
      if (![mail, userPrincipalName].some((own) => own?.toLowerCase() === address.toLowerCase())) {
        throw new ConsentUnusable({ code: 'address_mismatch', consentedAddress: mail ?? userPrincipalName });
      }
      if (objectId !== oid) throw new ConsentUnusable({ code: 'provider_unavailable' });
      await this.microsoft.mustHaveInbox(tokens.accessToken);
      return { providerAccount: { tenantId, accountId: objectId }, grantedScopes };
    } catch (error) {
      if (error instanceof GatewayError) throw new ConsentUnusable(examinationRefusal(error.failure));
      throw error;
    }
  }

  async refresh(_company: string, { refreshToken, tenantId }: StoredTokens): Promise<StoredTokens> {
    const set = await this.alarm.watch(this.service, async () =>
      this.microsoft.refresh(tenantId ?? 'common', refreshToken),
    );
    return storedTokens(set, tenantId, refreshToken);
  }

  private strategy(parts: Pick<Parameters<typeof oidcStrategy>[0], 'keep' | 'kept' | 'redeem'>) {
    const { app } = this.microsoft;
    if (app === null) throw reject('office365_not_configured');
    return oidcStrategy({
      ...app,
      ...parts,
      // `common` also lets personal accounts in, which can then be told why they do not do (R08).
      identityMetadata: this.microsoft.authority('common', '/v2.0/.well-known/openid-configuration'),
      redirectUrl: this.redirectUrl,
      scopes: SCOPES,
    });
  }
}

function missingOf(grantedScopes: readonly string[], { refreshToken }: StoredTokens): string[] {
  const granted = new Set(grantedScopes.map((scope) => bareScope(scope).toLowerCase()));
  const missing = GRAPH_SCOPES.filter((scope) => !granted.has(scope.toLowerCase()));
  return refreshToken === '' ? [...missing, 'offline_access'] : missing;
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
