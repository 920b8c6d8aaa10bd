import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/** How the connection to an other server turned out to be encrypted when the account was tried. */
export type ObservedEncryption = 'ssl' | 'starttls' | 'none';

/** The user registered the own account of an other server; it was tried against the server first (R34, R35). */
export type AccountRegistered = DomainEvent<
  'AccountRegistered',
  {
    readonly userId: string;
    readonly mailServerId: string;
    readonly service: 'other';
    readonly address: string;
    readonly accountName: string;
    /** Where the password lies; the password itself is in no event. */
    readonly credentialRef: string;
    /** The credential that this one takes the place of; it is destroyed. */
    readonly replacedCredentialRef: string | null;
    readonly encryption: ObservedEncryption;
    /** The details stay in force: a new password for the same server interrupts nothing. */
    readonly keepsDetails: boolean;
    /** Taken over as it was, untried, from a setting registered then; absent: its user registered it. */
    readonly legacyRegisteredAt?: string;
  }
>;
/** What a provider calls the account that was consented with, whatever its address is. */
export interface ProviderAccount {
  /** Microsoft's tenant; null where the provider has none. */
  readonly tenantId: string | null;
  readonly accountId: string;
}

/** The user consented at the provider, with the own address and everything that was asked for (R24–R26). */
export type OAuthAccountConnected = DomainEvent<
  'OAuthAccountConnected',
  {
    readonly userId: string;
    readonly mailServerId: string;
    readonly service: 'office365' | 'gmail';
    readonly address: string;
    readonly providerAccount: ProviderAccount;
    /** Another account of the provider than before, though with the same address: a mailbox of its own. */
    readonly accountChanged: boolean;
    readonly grantedScopes: readonly string[];
    /** Where the tokens lie; no token is in an event. */
    readonly credentialRef: string;
    /** The credential that this one takes the place of; it is destroyed. */
    readonly replacedCredentialRef: string | null;
    /** The details stay in force: signing in again interrupts nothing. */
    readonly keepsDetails: boolean;
  }
>;
/** The user came back from the provider without a usable consent; nothing was stored (R25, R26, R08). */
export type ConsentRefused = DomainEvent<
  'ConsentRefused',
  {
    readonly userId: string;
    readonly mailServerId: string;
    readonly service: 'office365' | 'gmail';
    readonly code: string;
    readonly fixableBy: 'user' | 'admin' | 'service';
    /** The user's own address, which the consent has to be given with. */
    readonly address: string;
    /** The address it was given with, where the provider said it. */
    readonly consentedAddress: string | null;
    /** What was asked for and not granted. */
    readonly missingPermissions: readonly string[];
  }
>;
/** 保存: receiving starts, or goes on with other details (R28, R29, R31). */
export type MailSettingDetailsSaved = DomainEvent<
  'MailSettingDetailsSaved',
  {
    readonly userId: string;
    /** The day the user chose, in Japan time (`YYYY-MM-DD`); null: only new mail. */
    readonly importSince: string | null;
    /** The instant from which mail is received, which follows from the day: its midnight, or the time of saving. */
    readonly receiveFrom: string;
    readonly shareByDefault: boolean;
    /** The first of a new registration that takes the place of an old one (R11). */
    readonly replacesLegacy?: true;
  }
>;
/** The mailbox can be read no longer until a person does something; receiving pauses. */
export type MailSettingActionRequired = DomainEvent<
  'MailSettingActionRequired',
  {
    readonly userId: string;
    readonly code: string;
    readonly fixableBy: 'user' | 'admin' | 'service';
  }
>;
/** 解除 (R14): receiving ends, the credential is destroyed, received mail stays. */
export type MailSettingReleased = DomainEvent<
  'MailSettingReleased',
  {
    readonly userId: string;
    readonly cause: 'user' | 'mail_server_deleted' | 'person_forgotten';
    readonly credentialRef: string;
    /** It had not been saved yet: the old registration it was to take the place of waits for a new one again (R11). */
    readonly restoresLegacy?: true;
  }
>;

/**
 * An old setting of Office365 or Gmail, by password, was taken over from before the cut-off (R11, R12). It receives
 * nothing, its password was never kept, and the user has to sign in to the service instead.
 */
export type LegacySettingImported = DomainEvent<
  'LegacySettingImported',
  {
    readonly userId: string;
    readonly service: 'office365' | 'gmail';
    /** By what the service was recognised: the server's name, what that is an alias of, or the domain's MX. */
    readonly recognisedBy: 'host' | 'alias' | 'mx';
    readonly host: string;
    readonly address: string;
    readonly accountName: string;
    readonly registeredAt: string;
    /** What the old setting had chosen, and the new one starts from: as in MailSettingDetailsSaved. */
    readonly importSince: string | null;
    readonly receiveFrom: string;
    readonly shareByDefault: boolean;
  }
>;
/** An admin wants the setting registered anew (R13); why stands in the event's reason. The credential is destroyed. */
export type ReRegistrationForced = DomainEvent<
  'ReRegistrationForced',
  {
    readonly userId: string;
    /** What the admin asked for, at once for one or many (`legacyCampaign`). */
    readonly campaignId: string;
    /** null: there was none any more. */
    readonly credentialRef: string | null;
    /** What is to be registered anew, and what it had chosen. */
    readonly service: 'office365' | 'gmail' | 'other';
    readonly address: string;
    readonly accountName: string;
    readonly registeredAt: string;
    readonly importSince: string | null;
    readonly receiveFrom: string;
    readonly shareByDefault: boolean;
  }
>;
/** The day has come from which the providers take no passwords (R09): the old setting stopped by itself. */
export type LegacySettingExpired = DomainEvent<
  'LegacySettingExpired',
  {
    readonly userId: string;
    /** `YYYY-MM-DD`, Japan time. */
    readonly enforcedFrom: string;
  }
>;
/** The user is asked to register anew; HRBC shows it at the next sign-in, nothing is sent (R40). */
export type MigrationReminded = DomainEvent<
  'MigrationReminded',
  {
    readonly userId: string;
    readonly campaignId: string;
    /** `YYYY-MM-DD`, Japan time: one reminder a day. */
    readonly day: string;
  }
>;
/** 解除 of the old setting: by its user, or because the new one takes its place (R11). Received mail stays. */
export type LegacySettingReleased = DomainEvent<
  'LegacySettingReleased',
  {
    readonly userId: string;
    readonly cause: 'user' | 'replaced' | 'person_forgotten';
    readonly service: 'office365' | 'gmail' | 'other';
    readonly registeredAt: string;
  }
>;

/** What happens to a setting from before OAuth (R11–R13). */
export type LegacySettingEvent =
  LegacySettingImported | ReRegistrationForced | LegacySettingExpired | MigrationReminded | LegacySettingReleased;

export type UserMailSettingEvent =
  | AccountRegistered
  | OAuthAccountConnected
  | ConsentRefused
  | MailSettingDetailsSaved
  | MailSettingActionRequired
  | MailSettingReleased
  | LegacySettingEvent;

const LEGACY_EVENTS: Readonly<Record<LegacySettingEvent['type'], true>> = {
  LegacySettingImported: true,
  ReRegistrationForced: true,
  LegacySettingExpired: true,
  MigrationReminded: true,
  LegacySettingReleased: true,
};
export const isLegacyEvent = <Event extends UserMailSettingEvent>(
  event: Event,
): event is Extract<Event, LegacySettingEvent> => Object.hasOwn(LEGACY_EVENTS, event.type);

export const userMailSettingEvents = defineEvents<UserMailSettingEvent>()({
  AccountRegistered: { personal: ['address', 'accountName'] },
  OAuthAccountConnected: { personal: ['address'] },
  ConsentRefused: { personal: ['address', 'consentedAddress'] },
  MailSettingDetailsSaved: { personal: [] },
  MailSettingActionRequired: { personal: [] },
  MailSettingReleased: { personal: [] },
  LegacySettingImported: { personal: ['address', 'accountName'] },
  ReRegistrationForced: { personal: ['address', 'accountName'] },
  LegacySettingExpired: { personal: [] },
  MigrationReminded: { personal: [] },
  LegacySettingReleased: { personal: [] },
});

export const USER_MAIL_SETTING = 'userMailSetting';
export const userMailSettingStream = (company: string, userId: string): string =>
  streamName(USER_MAIL_SETTING, company, userId);
