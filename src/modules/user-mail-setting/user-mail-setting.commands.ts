import { type CommandMetadata, type DomainCommand } from '@libs/eventsourcing';
import { type LegacySettingCommand } from './legacy-setting.commands.js';
import { type ObservedEncryption, type ProviderAccount } from './user-mail-setting.events.js';

interface Account {
  readonly userId: string;
  readonly mailServerId: string;
  /** The address HRBC knows the user by. */
  readonly address: string;
  readonly accountName: string;
}

/** Registers an account that was tried and whose password is stored under `credentialRef` already. */
export class RegisterAccount implements DomainCommand<'RegisterAccount', RegisterAccountData> {
  readonly type = 'RegisterAccount';
  constructor(
    readonly data: RegisterAccountData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface RegisterAccountData extends Account {
  readonly credentialRef: string;
  readonly encryption: ObservedEncryption;
}

/** `PUT /me/mail-setting/account`: try the account against its server, keep the password, register the account. */
export class ConnectAccount {
  constructor(
    readonly data: Account & { readonly password: string },
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null,
  ) {}
}

/** Puts a consent on the record whose tokens are stored under `credentialRef` already. */
export class ConnectOAuthAccount implements DomainCommand<'ConnectOAuthAccount', ConnectOAuthData> {
  readonly type = 'ConnectOAuthAccount';
  constructor(
    readonly data: ConnectOAuthData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface ConnectOAuthData {
  readonly userId: string;
  readonly mailServerId: string;
  readonly service: 'office365' | 'gmail';
  readonly address: string;
  readonly providerAccount: ProviderAccount;
  readonly grantedScopes: readonly string[];
  readonly credentialRef: string;
}

/** Puts on the record that a consent came to nothing, and why. */
export class RefuseConsent implements DomainCommand<'RefuseConsent', RefuseConsentData> {
  readonly type = 'RefuseConsent';
  constructor(
    readonly data: RefuseConsentData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface RefuseConsentData {
  readonly userId: string;
  readonly mailServerId: string;
  readonly service: 'office365' | 'gmail';
  readonly code: string;
  readonly fixableBy: 'user' | 'admin' | 'service';
  readonly address: string;
  readonly consentedAddress: string | null;
  readonly missingPermissions: readonly string[];
}

export class SaveDetails implements DomainCommand<'SaveDetails', SaveDetailsData> {
  readonly type = 'SaveDetails';
  constructor(
    readonly data: SaveDetailsData,
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null = null,
  ) {}
}
interface SaveDetailsData {
  readonly userId: string;
  readonly importSince: string | null;
  readonly shareByDefault: boolean;
}

export class RequireAction implements DomainCommand<'RequireAction', RequireActionData> {
  readonly type = 'RequireAction';
  constructor(
    readonly data: RequireActionData,
    readonly metadata: CommandMetadata,
  ) {}
}
interface RequireActionData {
  readonly userId: string;
  readonly code: string;
  readonly fixableBy: 'user' | 'admin' | 'service';
  /** The credential that failed; one that has taken its place since is not judged by it. */
  readonly credentialRef: string;
}

export class ReleaseMailSetting implements DomainCommand<'ReleaseMailSetting', ReleaseData> {
  readonly type = 'ReleaseMailSetting';
  constructor(
    readonly data: ReleaseData,
    readonly metadata: CommandMetadata,
    readonly ifMatch: string | null = null,
  ) {}
}
interface ReleaseData {
  readonly userId: string;
  readonly cause: 'user' | 'mail_server_deleted' | 'person_forgotten';
  /** Release only a setting of this server; null: whatever it is. */
  readonly onlyOfMailServer: string | null;
}

export type UserMailSettingCommand =
  | RegisterAccount
  | ConnectOAuthAccount
  | RefuseConsent
  | SaveDetails
  | RequireAction
  | ReleaseMailSetting
  | LegacySettingCommand;
