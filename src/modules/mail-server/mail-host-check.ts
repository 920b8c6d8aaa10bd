import { Injectable } from '@nestjs/common';
import { oauthServiceOf } from '../../gateways/index.js';
import { type AppConfig, InjectConfig } from '../../platform/config/index.js';
import { type HostRefusal, vetMailHost } from '../../platform/security/public-address/index.js';
import { GoogleApps } from './google-api-setting/google-apps.js';
import { reject } from './mail-server.errors.js';
import { type MailService } from './mail-server.events.js';

const SERVICE_NAMES = { office365: 'Office365', gmail: 'Gmail' } as const;

/** Which hosts a company may register: on the public internet (R19), and not of a service that needs OAuth (R10). */
@Injectable()
export class MailHostCheck {
  constructor(
    @InjectConfig() private readonly config: AppConfig,
    private readonly googleApps: GoogleApps,
  ) {}

  /** R16: the company's Google app first, then Gmail. */
  async checkOrder(company: string, { service }: MailService): Promise<void> {
    if (service !== 'gmail') return;
    const { status } = await this.googleApps.current(company);
    if (status !== 'saved') throw reject('google_api_setting_missing');
  }

  /** Refuses what may not be registered. What is let through is checked again at every connection. */
  async check(description: MailService): Promise<void> {
    if (description.service !== 'other') return;
    const { host, port } = description;
    const service = await oauthServiceOf(host);
    if (service) throw reject('oauth_only_host', { host, service: SERVICE_NAMES[service] }, { field: 'host' });
    const verdict = await vetMailHost({ host, port }, { allowedPrivate: this.config.mail.allowedPrivateHosts });
    if (!verdict.ok) this.refuse(verdict.refusal, host, port);
  }

  private refuse(refusal: HostRefusal, host: string, port: number): void {
    switch (refusal) {
      case 'private_address':
      case 'unknown_host':
        throw reject(refusal, { host }, { field: 'host' });
      case 'port_not_allowed':
        throw reject('port_not_allowed', { port }, { field: 'port' });
      case 'lookup_failed':
        return; // the name service is away, which says nothing about the host
    }
  }
}
