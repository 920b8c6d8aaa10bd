import { Injectable } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../platform/config/index.js';
import { diagnose } from './diagnosis/diagnose.js';
import type { Diagnosis, DiagnosisRequest } from './diagnosis/diagnosis.js';
import { mailReaderFor } from './gateway-for.js';
import type { MailAccount, MailNetwork } from './mail-account.js';
import type { MailReader } from './mail-reader.port.js';

/** The mail systems as the modules see them, reached as the configuration allows. */
@Injectable()
export class MailGateways {
  readonly #network: MailNetwork;
  readonly #egressAddresses: readonly string[];

  constructor(@InjectConfig() config: AppConfig) {
    this.#network = { allowedPrivate: config.mail.allowedPrivateHosts };
    this.#egressAddresses = config.mail.egressAddresses;
  }

  /** A reader for one user's INBOX. It connects when it is asked to read, and not before. */
  readerFor(account: MailAccount): MailReader {
    return mailReaderFor(account, this.#network);
  }

  /** Tries a mail server, and an account on it if one is given, step by step. Never rejects; see `diagnose`. */
  diagnose(
    request: Omit<DiagnosisRequest, 'signal'>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Diagnosis> {
    return diagnose({ ...request, signal }, { network: this.#network, egressAddresses: this.#egressAddresses });
  }
}
