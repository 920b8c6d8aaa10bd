import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type AppConfig, InjectConfig } from '../platform/config/index.js';
import { diagnose } from './diagnosis/diagnose.js';
import type { Diagnosis, DiagnosisRequest } from './diagnosis/diagnosis.js';
import { mailFinderFor, mailReaderFor, type ReadableAccount, type Reaches } from './gateway-for.js';
import { GoogleGateway } from './gmail/google-gateway.js';
import { MicrosoftGateway } from './graph/microsoft-gateway.js';
import { KeptImapConnections } from './imap/kept-imap-connections.js';
import type { MailAccount } from './mail-account.js';
import type { MailFinder } from './mail-finder.port.js';
import type { MailReader } from './mail-reader.port.js';

/** The mail systems as the modules see them, reached as the configuration allows. */
@Injectable()
export class MailGateways implements OnApplicationShutdown {
  readonly #imapConnections = new KeptImapConnections();
  readonly #reaches: Reaches;
  readonly #egressAddresses: readonly string[];

  constructor(@InjectConfig() config: AppConfig, microsoft: MicrosoftGateway, google: GoogleGateway) {
    const network = { allowedPrivate: config.mail.allowedPrivateHosts };
    this.#reaches = { network, imapConnections: this.#imapConnections, graph: microsoft.graph, gmail: google.gmail };
    this.#egressAddresses = config.mail.egressAddresses;
  }

  /** A reader for one user's INBOX. It connects when it is asked to read, and not before. */
  readerFor(account: ReadableAccount): MailReader {
    return mailReaderFor(account, this.#reaches);
  }

  /** A reader for a mailbox of the operator's own, which may well stand in a private network. */
  ownReaderFor(account: MailAccount): MailReader {
    const allowedPrivate = [...this.#reaches.network.allowedPrivate, account.host];
    return mailReaderFor(account, { ...this.#reaches, network: { allowedPrivate } });
  }

  /** Tells whether a mail is on the server. It connects when it is asked to, and not before. */
  finderFor(account: ReadableAccount): MailFinder {
    return mailFinderFor(account, this.#reaches);
  }

  /** Tries a mail server, and an account on it if one is given, step by step. Never rejects; see `diagnose`. */
  diagnose(
    request: Omit<DiagnosisRequest, 'signal'>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Diagnosis> {
    return diagnose({ ...request, signal }, { network: this.#reaches.network, egressAddresses: this.#egressAddresses });
  }

  /** After the last pass: connections that wait for another one would keep the process alive. */
  async onApplicationShutdown(): Promise<void> {
    await this.#imapConnections.close();
  }
}
