import { Injectable } from '@nestjs/common';
import { GatewayError, GoogleGateway, type MailSender, MailSenders } from '../../../gateways/index.js';
import { GoogleApps } from '../../mail-server/index.js';
import { MailboxTokens, MailSettingRecord, type OAuthAccount } from '../../user-mail-setting/index.js';
import { type Route } from '../outbox.events.js';

/** Whose mail is to leave, and by which way. */
export interface Departure {
  readonly userId: string;
  readonly route: Route;
}

/** Opens the way by which a mail is to leave, anew for every mail: what the setting says now, counts. */
@Injectable()
export class Senders {
  constructor(
    private readonly settings: MailSettingRecord,
    private readonly gateways: MailSenders,
    private readonly tokens: MailboxTokens,
    private readonly google: GoogleGateway,
    private readonly googleApps: GoogleApps,
  ) {}

  /** Throws GatewayError when there is no such way at present; it never opens another one in its place (R07). */
  async senderOf(company: string, { route, userId }: Departure): Promise<MailSender> {
    switch (route) {
      case 'hrbc':
        return this.gateways.senderFor({ route });
      case 'office365': {
        const account = await this.accountOf(company, userId, route);
        const { tenantId, accountId } = account.providerAccount;
        const mailbox = `${String(tenantId)}/${accountId}`;
        return this.gateways.senderFor({ route, mailbox, tokens: this.tokens.of(company, account) });
      }
      case 'gmail': {
        const account = await this.accountOf(company, userId, route);
        const mailbox = `${company} ${account.providerAccount.accountId}`;
        const quota = await this.quotaOf(company, mailbox);
        return this.gateways.senderFor({ route, mailbox, tokens: this.tokens.of(company, account), quota });
      }
    }
  }

  private async accountOf(company: string, userId: string, service: 'office365' | 'gmail'): Promise<OAuthAccount> {
    const setting = await this.settings.current(company, userId);
    if ('account' in setting && setting.account.service === service) {
      if (setting.status === 'in_use') return setting.account;
      if (setting.status === 'action_required') {
        // Only a person ends that, so asking again gains nothing.
        throw new GatewayError({ kind: 'AuthorizationLost', detail: 'action_required', remedy: 'login_required' });
      }
    }
    throw new GatewayError({ kind: 'MailboxNotSupported', detail: 'not_connected' });
  }

  /** The same that receiving counts by: Google does not ask which of the two spent it. */
  private async quotaOf(company: string, mailbox: string) {
    const app = await this.googleApps.current(company);
    const units = app.status === 'saved' ? app.quotaUnitsPerMinute : null;
    return this.google.quotaOf(mailbox, units);
  }
}
