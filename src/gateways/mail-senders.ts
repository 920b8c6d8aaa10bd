import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../platform/config/index.js';
import { GatewayError } from './gateway.errors.js';
import { type MailSender } from './mail-sender.port.js';
import { parseSmtpUrl } from './smtp/smtp-server-address.js';
import { SmtpMailSender } from './smtp/smtp-mail-sender.js';

/** Whose way of sending is meant. */
export type SendingAccount = { readonly route: 'hrbc' };

/** The ways of sending as the modules see them, reached as the configuration allows. */
@Injectable()
export class MailSenders implements OnApplicationShutdown {
  readonly #hrbc: SmtpMailSender | null;

  constructor(@InjectConfig() { mail }: AppConfig) {
    const { smtpUrl, bounceAddress, dkimKey: dkim } = mail;
    this.#hrbc = smtpUrl === null ? null : new SmtpMailSender({ server: parseSmtpUrl(smtpUrl), bounceAddress, dkim });
  }

  /** Throws GatewayError when this way of sending is not configured. */
  senderFor(account: SendingAccount): MailSender {
    switch (account.route) {
      case 'hrbc':
        if (this.#hrbc === null) throw new GatewayError({ kind: 'Unavailable', detail: 'not_configured' });
        return this.#hrbc;
    }
  }

  onApplicationShutdown(): void {
    this.#hrbc?.close();
  }
}
