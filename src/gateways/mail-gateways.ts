import { Injectable } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../platform/config/index.js';
import { mailReaderFor } from './gateway-for.js';
import type { MailAccount, MailNetwork } from './mail-account.js';
import type { MailReader } from './mail-reader.port.js';

/** The mail systems as the modules see them, reached as the configuration allows. */
@Injectable()
export class MailGateways {
  readonly #network: MailNetwork;

  constructor(@InjectConfig() config: AppConfig) {
    this.#network = { allowedPrivate: config.mail.allowedPrivateHosts };
  }

  /** A reader for one user's INBOX. It connects when it is asked to read, and not before. */
  readerFor(account: MailAccount): MailReader {
    return mailReaderFor(account, this.#network);
  }
}
