import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../platform/config/index.js';
import { GatewayError } from './gateway.errors.js';
import { GmailMailSender, type GmailSendingAccount } from './gmail/gmail-mail-sender.js';
import { GoogleGateway } from './gmail/google-gateway.js';
import { GraphMailSender, type GraphSendingAccount } from './graph/graph-mail-sender.js';
import { MicrosoftGateway } from './graph/microsoft-gateway.js';
import { type MailSender } from './mail-sender.port.js';
import { parseSmtpUrl } from './smtp/smtp-server-address.js';
import { SentMailMemory } from './sent-mail-memory.js';
import { SmtpMailSender } from './smtp/smtp-mail-sender.js';

/** Whose way of sending is meant. */
export type SendingAccount =
  | { readonly route: 'hrbc' }
  | ({ readonly route: 'office365' } & GraphSendingAccount)
  | ({ readonly route: 'gmail' } & GmailSendingAccount);

/** The ways of sending as the modules see them, reached as the configuration allows. */
@Injectable()
export class MailSenders implements OnApplicationShutdown {
  readonly #hrbc: SmtpMailSender | null;
  readonly #sent = new SentMailMemory();

  constructor(
    @InjectConfig() { mail }: AppConfig,
    private readonly microsoft: MicrosoftGateway,
    private readonly google: GoogleGateway,
  ) {
    const { smtpUrl, dkimKey: dkim } = mail;
    this.#hrbc = smtpUrl === null ? null : new SmtpMailSender({ server: parseSmtpUrl(smtpUrl), dkim });
  }

  /** The only switch over ways of sending. Throws GatewayError when this one is not configured. */
  senderFor(account: SendingAccount): MailSender {
    switch (account.route) {
      case 'hrbc':
        if (this.#hrbc === null) throw new GatewayError({ kind: 'Unavailable', detail: 'not_configured' });
        return this.#hrbc;
      case 'office365':
        return new GraphMailSender(account, this.microsoft.graph, this.#sent);
      case 'gmail':
        return new GmailMailSender(account, this.google.gmail, this.#sent);
    }
  }

  onApplicationShutdown(): void {
    this.#hrbc?.close();
  }
}
