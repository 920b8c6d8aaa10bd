import { type Decider } from '@libs/eventsourcing';
import { isAccountNameAllowed } from './account-name.policy.js';
import { receiveFromOf } from './import-day.policy.js';
import {
  expireLegacySetting,
  forceReRegistration,
  importAccount,
  importLegacySetting,
  type OldRegistration,
  oldRegistrationBehind,
  predecessorIn,
  predecessorOf,
  releaseOf,
  remindOfMigration,
} from './legacy-setting.decider.js';
import {
  type ConnectOAuthAccount,
  type RefuseConsent,
  type RegisterAccount,
  type ReleaseMailSetting,
  type RequireAction,
  type SaveDetails,
  type UserMailSettingCommand,
} from './user-mail-setting.commands.js';
import { reject } from './user-mail-setting.errors.js';
import {
  type AccountRegistered,
  isLegacyEvent,
  type LegacySettingEvent,
  type MailSettingReleased,
  type ObservedEncryption,
  type ProviderAccount,
  type UserMailSettingEvent,
} from './user-mail-setting.events.js';

interface AnyAccount {
  readonly mailServerId: string;
  readonly address: string;
  readonly credentialRef: string;
}
export interface PasswordAccount extends AnyAccount {
  readonly service: 'other';
  readonly accountName: string;
  readonly encryption: ObservedEncryption;
  /** Taken over from a setting registered then; its user has not registered it anew. */
  readonly legacyRegisteredAt?: string;
}
export interface OAuthAccount extends AnyAccount {
  readonly service: 'office365' | 'gmail';
  readonly providerAccount: ProviderAccount;
  readonly grantedScopes: readonly string[];
}
export type Account = PasswordAccount | OAuthAccount;
export interface Details {
  readonly importSince: string | null;
  readonly receiveFrom: string;
  readonly shareByDefault: boolean;
}

export type UserMailSettingState =
  | { readonly status: 'none' }
  | {
      readonly status: 'authorized';
      readonly account: Account;
      /** What 保存 takes the place of. Until then it is only covered: it comes back when the account goes. */
      readonly replaces?: OldRegistration;
    }
  | { readonly status: 'in_use'; readonly account: Account; readonly details: Details }
  | { readonly status: 'action_required'; readonly account: Account; readonly details: Details; readonly code: string }
  | OldRegistration
  | { readonly status: 'released' };

function evolve(state: UserMailSettingState, event: UserMailSettingEvent): UserMailSettingState {
  if (isLegacyEvent(event)) return evolveLegacy(state, event);
  switch (event.type) {
    case 'AccountRegistered': {
      return connected(state, passwordAccountIn(event), event.data.keepsDetails);
    }
    case 'OAuthAccountConnected': {
      const { service, mailServerId, address, providerAccount, grantedScopes, credentialRef, keepsDetails } =
        event.data;
      const account: Account = { service, mailServerId, address, providerAccount, grantedScopes, credentialRef };
      return connected(state, account, keepsDetails);
    }
    case 'ConsentRefused':
      return state;
    case 'MailSettingDetailsSaved': {
      if (!('account' in state)) return state;
      const { importSince, receiveFrom, shareByDefault } = event.data;
      const details = { importSince, receiveFrom, shareByDefault };
      return state.status === 'action_required'
        ? { ...state, details }
        : { status: 'in_use', account: state.account, details };
    }
    case 'MailSettingActionRequired':
      return state.status === 'in_use' ? { ...state, status: 'action_required', code: event.data.code } : state;
    case 'MailSettingReleased':
      return releasedFrom(state, event);
  }
}

/** The event says whether the old registration is in force again; where not, what it had chosen is still known. */
function releasedFrom(state: UserMailSettingState, { data }: MailSettingReleased): UserMailSettingState {
  const old = oldRegistrationBehind(state);
  if (old === undefined) return { status: 'released' };
  return data.restoresLegacy ? old : { status: 'released', predecessor: old.predecessor };
}

/** The part of evolve that deals with what was there before OAuth. */
function evolveLegacy(state: UserMailSettingState, event: LegacySettingEvent): UserMailSettingState {
  const predecessor = event.type === 'LegacySettingImported' ? predecessorIn(event) : predecessorOf(state);
  if (predecessor === undefined) return state;
  switch (event.type) {
    case 'LegacySettingImported':
      return { status: 'legacy', predecessor, remindedOn: null };
    case 'ReRegistrationForced':
      return { status: 're_registration_required', predecessor, cause: 'forced', remindedOn: null };
    case 'LegacySettingExpired':
      return { status: 're_registration_required', predecessor, cause: 'expired', remindedOn: null };
    case 'MigrationReminded':
      return 'remindedOn' in state ? { ...state, remindedOn: event.data.day } : state;
    case 'LegacySettingReleased': {
      const released = { status: 'released', predecessor: { ...predecessor, released: true } } as const;
      const isCovered = event.data.cause === 'replaced' && state.status === 'authorized';
      return isCovered ? { ...state, replaces: released } : released;
    }
  }
}

function passwordAccountIn({ data }: AccountRegistered): PasswordAccount {
  const { mailServerId, address, accountName, credentialRef, encryption, legacyRegisteredAt } = data;
  const account = { service: 'other', mailServerId, address, accountName, credentialRef, encryption } as const;
  return { ...account, ...(legacyRegisteredAt === undefined ? {} : { legacyRegisteredAt }) };
}

function connected(state: UserMailSettingState, account: Account, keepsDetails: boolean): UserMailSettingState {
  if ('details' in state && keepsDetails) return { status: 'in_use', account, details: state.details };
  const replaces = oldRegistrationBehind(state);
  return { status: 'authorized', account, ...(replaces && { replaces }) };
}

function registerAccount({ data }: RegisterAccount, state: UserMailSettingState): readonly UserMailSettingEvent[] {
  if (!isAccountNameAllowed(data.accountName, data.address)) {
    const localPart = data.address.slice(0, Math.max(0, data.address.lastIndexOf('@')));
    throw reject('account_name_not_allowed', { address: data.address, localPart }, { field: 'accountName' });
  }
  const replacedCredentialRef = 'account' in state ? state.account.credentialRef : null;
  if (replacedCredentialRef === data.credentialRef) return [];
  const keepsDetails = 'details' in state && state.account.mailServerId === data.mailServerId;
  return [{ type: 'AccountRegistered', data: { ...data, service: 'other', replacedCredentialRef, keepsDetails } }];
}

function connectOAuthAccount(
  { data }: ConnectOAuthAccount,
  state: UserMailSettingState,
): readonly UserMailSettingEvent[] {
  const before = 'account' in state ? state.account : null;
  if (before?.credentialRef === data.credentialRef) return [];
  const accountChanged = isOtherAccount(before, data);
  const keepsDetails = 'details' in state && state.account.mailServerId === data.mailServerId && !accountChanged;
  const replacedCredentialRef = before?.credentialRef ?? null;
  return [{ type: 'OAuthAccountConnected', data: { ...data, accountChanged, replacedCredentialRef, keepsDetails } }];
}

/** The same address may come to belong to another account: a new tenant, or a person of the same name. */
function isOtherAccount(before: Account | null, { service, providerAccount }: ConnectOAuthAccount['data']): boolean {
  if (before === null || before.service === 'other' || before.service !== service) return false;
  const { tenantId, accountId } = before.providerAccount;
  return tenantId !== providerAccount.tenantId || accountId !== providerAccount.accountId;
}

/** Whatever was connected before stays connected. */
function refuseConsent({ data }: RefuseConsent): readonly UserMailSettingEvent[] {
  return [{ type: 'ConsentRefused', data }];
}

function saveDetails({ data, metadata }: SaveDetails, state: UserMailSettingState): readonly UserMailSettingEvent[] {
  if (!('account' in state)) throw reject('mail_setting_not_connected');
  const { userId, importSince, shareByDefault } = data;
  const before = 'details' in state ? state.details : null;
  if (before?.importSince === importSince && before.shareByDefault === shareByDefault) return [];
  const predecessor = oldRegistrationBehind(state)?.predecessor;
  const receiveFrom = receiveFromOf(importSince, metadata.at, before ?? predecessor?.details);
  const details = { userId, importSince, receiveFrom, shareByDefault };
  if (predecessor === undefined) return [{ type: 'MailSettingDetailsSaved', data: details }];
  // R11: the old registration is released and the new one takes its place, in one append.
  return [
    ...releaseOf(predecessor, userId, 'replaced'),
    { type: 'MailSettingDetailsSaved', data: { ...details, replacesLegacy: true } },
  ];
}

function requireAction({ data }: RequireAction, state: UserMailSettingState): readonly UserMailSettingEvent[] {
  if (state.status !== 'in_use' || state.account.credentialRef !== data.credentialRef) return [];
  const { userId, code, fixableBy } = data;
  return [{ type: 'MailSettingActionRequired', data: { userId, code, fixableBy } }];
}

function release({ data }: ReleaseMailSetting, state: UserMailSettingState): readonly UserMailSettingEvent[] {
  const { userId, cause, onlyOfMailServer } = data;
  const predecessor = oldRegistrationBehind(state)?.predecessor;
  // A deleted server takes the account along, but nobody has released the old registration, or replaced it yet.
  const old = cause === 'mail_server_deleted' ? [] : releaseOf(predecessor, userId, cause);
  if (!('account' in state)) return old;
  if (onlyOfMailServer !== null && state.account.mailServerId !== onlyOfMailServer) return [];
  const restoresLegacy = cause === 'mail_server_deleted' && predecessor?.released === false;
  const released = { userId, cause, credentialRef: state.account.credentialRef };
  return [{ type: 'MailSettingReleased', data: { ...released, ...(restoresLegacy && { restoresLegacy }) } }, ...old];
}

export const userMailSettingDecider: Decider<UserMailSettingState, UserMailSettingCommand, UserMailSettingEvent> = {
  initialState: { status: 'none' },
  evolve,
  decide(command, state) {
    switch (command.type) {
      case 'RegisterAccount':
        return registerAccount(command, state);
      case 'ConnectOAuthAccount':
        return connectOAuthAccount(command, state);
      case 'RefuseConsent':
        return refuseConsent(command);
      case 'SaveDetails':
        return saveDetails(command, state);
      case 'RequireAction':
        return requireAction(command, state);
      case 'ReleaseMailSetting':
        return release(command, state);
      case 'ImportLegacySetting':
        return importLegacySetting(command, state);
      case 'ImportAccount':
        return importAccount(command, state);
      case 'ForceReRegistration':
        return forceReRegistration(command, state);
      case 'RemindOfMigration':
        return remindOfMigration(command, state);
      case 'ExpireLegacySetting':
        return expireLegacySetting(command, state);
    }
  },
};
