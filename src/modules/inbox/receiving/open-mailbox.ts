import { Injectable } from '@nestjs/common';
import {
  gmailWorld,
  GoogleGateway,
  graphWorld,
  type KnownLocators,
  MailGateways,
  type ReadableAccount,
} from '../../../gateways/index.js';
import { type MailFinder } from '../../../gateways/mail-finder.port.js';
import { type MailReader } from '../../../gateways/mail-reader.port.js';
import { CredentialVault } from '../../../platform/security/index.js';
import { GoogleApps, MailServerRecord, type MailService } from '../../mail-server/index.js';
import {
  MailboxTokens,
  MailSettingRecord,
  type OAuthAccount,
  type PasswordAccount,
} from '../../user-mail-setting/index.js';
import { KnownElsewhere } from './known-elsewhere.js';

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
  readonly finder: MailFinder;
}

export type Opening =
  | { readonly kind: 'open'; readonly mailbox: OpenMailbox }
  /** The setting is not in use (any more): there is nothing to read. */
  | { readonly kind: 'not_in_use' }
  /** The mail server of the setting is not registered any more, or the password is gone. */
  | { readonly kind: 'incomplete' }
  /** The server of the setting has got another host, which the user has not entrusted with the password (ADR 0060). */
  | { readonly kind: 'host_changed'; readonly credentialRef: string };

type Way = Pick<OpenMailbox, 'source' | 'endpoint' | 'reader' | 'finder'>;
type NoWay = Exclude<Opening, { readonly kind: 'open' | 'not_in_use' }>;
type MailboxOwner = Pick<OpenMailbox, 'company' | 'userId'>;

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
    private readonly tokens: MailboxTokens,
    private readonly elsewhere: KnownElsewhere,
    private readonly google: GoogleGateway,
    private readonly googleApps: GoogleApps,
  ) {}

  async open(company: string, userId: string): Promise<Opening> {
    const setting = await this.settings.current(company, userId);
    if (setting.status !== 'in_use') return { kind: 'not_in_use' };
    const { account, details } = setting;
    const server = await this.servers.current(company, account.mailServerId);
    if (server.status !== 'registered') return { kind: 'incomplete' };
    const way =
      account.service === 'other'
        ? await this.wayByPassword(company, account, server.description)
        : await this.wayByOAuth({ company, userId }, account, server.description);
    if ('kind' in way) return way;
    const { credentialRef } = account;
    const { receiveFrom, importSince: day } = details;
    return { kind: 'open', mailbox: { company, userId, credentialRef, receiveFrom, day, ...way } };
  }

  private async wayByPassword(
    company: string,
    account: PasswordAccount,
    description: MailService,
  ): Promise<Way | NoWay> {
    const { credentialRef, accountName, mailServerId } = account;
    const secret = await this.vault.open<AccountSecret>(company, credentialRef);
    if (description.service !== 'other' || secret === null) return { kind: 'incomplete' };
    const { protocol, host, port, security } = description;
    if (secret.host !== undefined && secret.host !== host) return { kind: 'host_changed', credentialRef };
    return {
      source: `${mailServerId} ${protocol} ${host}:${port}`,
      endpoint: `${host}:${port}`,
      ...this.gatewaysFor({ protocol, host, port, security, accountName, password: secret.password }),
    };
  }

  private async wayByOAuth(owner: MailboxOwner, account: OAuthAccount, description: MailService): Promise<Way | NoWay> {
    if (account.service !== description.service) return { kind: 'incomplete' };
    return account.service === 'office365' ? this.wayByGraph(owner, account) : this.wayByGmail(owner, account);
  }

  private async wayByGmail(owner: MailboxOwner, account: OAuthAccount): Promise<Way> {
    const { accountId: mailbox } = account.providerAccount;
    const app = await this.googleApps.current(owner.company);
    const units = app.status === 'saved' ? app.quotaUnitsPerMinute : null;
    const quota = this.google.quotaOf(`${owner.company} ${mailbox}`, units);
    const tokens = this.tokens.of(owner.company, account);
    const known: KnownLocators = async (locators) => this.elsewhere.knownLocators(owner, gmailWorld(mailbox), locators);
    return {
      source: `${account.mailServerId} gmail ${mailbox}`,
      endpoint: null,
      ...this.gatewaysFor({ protocol: 'gmail', mailbox, tokens, quota, known }),
    };
  }

  private wayByGraph(owner: MailboxOwner, account: OAuthAccount): Way {
    const { tenantId, accountId } = account.providerAccount;
    const mailbox = `${String(tenantId)}/${accountId}`;
    const tokens = this.tokens.of(owner.company, account);
    const known: KnownLocators = async (locators) => this.elsewhere.knownLocators(owner, graphWorld(mailbox), locators);
    return {
      source: `${account.mailServerId} graph ${mailbox}`,
      endpoint: null,
      ...this.gatewaysFor({ protocol: 'graph', mailbox, tokens, known }),
    };
  }

  private gatewaysFor(account: ReadableAccount): Pick<Way, 'reader' | 'finder'> {
    return { reader: this.gateways.readerFor(account), finder: this.gateways.finderFor(account) };
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
