import { Injectable } from '@nestjs/common';
import { MailGateways } from '../../../gateways/index.js';
import { type MailReader } from '../../../gateways/mail-reader.port.js';
import { CredentialVault } from '../../../platform/security/index.js';
import { MailServerRecord } from '../../mail-server/index.js';
import { MailSettingRecord } from '../../user-mail-setting/index.js';

/** A mailbox that can be read: what the setting says, and the reader for it. */
export interface OpenMailbox {
  readonly company: string;
  readonly userId: string;
  readonly credentialRef: string;
  /** What cursors belong to; another one means another world of cursors. */
  readonly source: string;
  /** Host and port, by which connections are limited; null: a provider that limits them itself. */
  readonly endpoint: string | null;
  readonly receiveFrom: string;
  readonly day: string | null;
  readonly reader: MailReader;
}

export type Opening =
  | { readonly kind: 'open'; readonly mailbox: OpenMailbox }
  /** The setting is not in use (any more): there is nothing to read. */
  | { readonly kind: 'not_in_use' }
  /** The mail server of the setting is not registered any more, or the password is gone. */
  | { readonly kind: 'incomplete' }
  /** The server of the setting has got another host, which the user has not entrusted with the password (ADR 0060). */
  | { readonly kind: 'host_changed'; readonly credentialRef: string };

/** An account of an other server, as the vault keeps it. */
interface AccountSecret {
  readonly password: string;
  /** The host that the user entrusted with it. */
  readonly host?: string;
}

/**
 * Finds out what a mailbox is read with, anew for every pass: a new password or server counts from the next one. It
 * asks the record and not the read models, which may lag behind what made the mailbox due.
 */
@Injectable()
export class MailboxOpener {
  constructor(
    private readonly settings: MailSettingRecord,
    private readonly servers: MailServerRecord,
    private readonly vault: CredentialVault,
    private readonly gateways: MailGateways,
  ) {}

  async open(company: string, userId: string): Promise<Opening> {
    const setting = await this.settings.current(company, userId);
    if (setting.status !== 'in_use') return { kind: 'not_in_use' };
    const { account, details } = setting;
    const [server, secret] = await Promise.all([
      this.servers.current(company, account.mailServerId),
      this.vault.open<AccountSecret>(company, account.credentialRef),
    ]);
    if (server.status !== 'registered' || server.description.service !== 'other' || secret === null) {
      return { kind: 'incomplete' };
    }
    const { protocol, host, port, security } = server.description;
    if (secret.host !== undefined && secret.host !== host) {
      return { kind: 'host_changed', credentialRef: account.credentialRef };
    }
    const login = { accountName: account.accountName, password: secret.password };
    return {
      kind: 'open',
      mailbox: {
        company,
        userId,
        credentialRef: account.credentialRef,
        source: `${account.mailServerId} ${protocol} ${host}:${port}`,
        endpoint: `${host}:${port}`,
        receiveFrom: details.receiveFrom,
        day: details.importSince,
        reader: this.gateways.readerFor({ protocol, host, port, security, ...login }),
      },
    };
  }

  /**
   * Whether mail of this pass is to be shared, as the setting says now (R31); null: the setting has changed so that
   * the pass has to end.
   */
  async shareDecision({ company, userId, credentialRef, receiveFrom }: OpenMailbox): Promise<boolean | null> {
    const setting = await this.settings.current(company, userId);
    if (setting.status !== 'in_use' || setting.account.credentialRef !== credentialRef) return null;
    return setting.details.receiveFrom === receiveFrom ? setting.details.shareByDefault : null;
  }
}
