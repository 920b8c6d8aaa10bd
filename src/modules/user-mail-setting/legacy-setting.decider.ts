import { isAccountNameAllowed } from './account-name.policy.js';
import { japanDayOf, receiveFromOf } from './import-day.policy.js';
import {
  type ExpireLegacySetting,
  type ForceReRegistration,
  type ImportAccount,
  type ImportLegacySetting,
  type RemindOfMigration,
} from './legacy-setting.commands.js';
import { reject } from './user-mail-setting.errors.js';
import {
  type AccountRegistered,
  type LegacySettingExpired,
  type LegacySettingImported,
  type LegacySettingReleased,
  type MailSettingDetailsSaved,
  type MigrationReminded,
  type ReRegistrationForced,
} from './user-mail-setting.events.js';

// The part of the setting's decider that deals with what was there before OAuth (R11–R13). It has the same stream
// and the same history as the rest: one person, one setting, whatever it is registered with.

interface Details {
  readonly importSince: string | null;
  readonly receiveFrom: string;
  readonly shareByDefault: boolean;
}

/** The old registration that a new one is to take the place of. It outlives its own release, for what it had chosen. */
export interface Predecessor {
  readonly service: 'office365' | 'gmail' | 'other';
  readonly address: string;
  readonly accountName: string;
  readonly registeredAt: string;
  readonly details: Details;
  /** Its release is on the record already. */
  readonly released: boolean;
}

/** Where a registration from before OAuth stands. */
export type OldRegistration =
  /** It receives nothing, and is to be registered anew (R11). */
  | { readonly status: 'legacy'; readonly predecessor: Predecessor; readonly remindedOn: string | null }
  | {
      readonly status: 're_registration_required';
      readonly predecessor: Predecessor;
      readonly cause: 'forced' | 'expired';
      readonly remindedOn: string | null;
    }
  | { readonly status: 'released'; readonly predecessor: Predecessor };

/** What these decisions have to know of a setting's state. */
interface Standing {
  readonly status: string;
  readonly predecessor?: Predecessor;
  readonly replaces?: OldRegistration;
  readonly remindedOn?: string | null;
  readonly account?: {
    readonly credentialRef: string;
    readonly address: string;
    readonly accountName?: string;
    readonly legacyRegisteredAt?: string;
  };
  readonly details?: Details;
}

export function importLegacySetting(
  { data, metadata }: ImportLegacySetting,
  state: Standing,
): readonly LegacySettingImported[] {
  // Whoever has gone further than the import, on whatever way, is not taken back by a repeat of it.
  if (state.status !== 'none' && state.status !== 'legacy') return [];
  const before = state.predecessor;
  const receiveFrom = receiveFromOf(data.importSince, metadata.at, before?.details);
  return before && saysTheSame(before, data) ? [] : [{ type: 'LegacySettingImported', data: { ...data, receiveFrom } }];
}

export function importAccount(
  { data, metadata }: ImportAccount,
  state: Standing,
): readonly (AccountRegistered | MailSettingDetailsSaved)[] {
  if (state.status !== 'none') return [];
  const { userId, address, accountName, mailServerId, credentialRef, security, importSince, shareByDefault } = data;
  if (!isAccountNameAllowed(accountName, address)) {
    const localPart = address.slice(0, Math.max(0, address.lastIndexOf('@')));
    throw reject('account_name_not_allowed', { address, localPart }, { field: 'accountName' });
  }
  const receiveFrom = receiveFromOf(importSince, metadata.at);
  const account = { userId, mailServerId, address, accountName, credentialRef, encryption: security };
  const origin = { service: 'other', replacedCredentialRef: null, keepsDetails: false } as const;
  return [
    { type: 'AccountRegistered', data: { ...account, ...origin, legacyRegisteredAt: data.registeredAt } },
    { type: 'MailSettingDetailsSaved', data: { userId, importSince, receiveFrom, shareByDefault } },
  ];
}

/** Whom it does not concern (any more) it does not touch: who has registered anew, or released, or was forced before. */
export function forceReRegistration({ data }: ForceReRegistration, state: Standing): readonly ReRegistrationForced[] {
  const isConcerned = state.status === 'legacy' || isImportedAccount(state);
  const predecessor = predecessorOf(state);
  if (!isConcerned || predecessor === undefined) return [];
  const { released: _released, details, ...old } = predecessor;
  const credentialRef = state.account?.credentialRef ?? null;
  return [{ type: 'ReRegistrationForced', data: { ...data, credentialRef, ...old, ...details } }];
}

export function remindOfMigration(
  { data, metadata }: RemindOfMigration,
  state: Standing,
): readonly MigrationReminded[] {
  const day = japanDayOf(metadata.at);
  const isWaiting = state.status === 'legacy' || state.status === 're_registration_required';
  return isWaiting && state.remindedOn !== day ? [{ type: 'MigrationReminded', data: { ...data, day } }] : [];
}

export function expireLegacySetting(
  { data, metadata }: ExpireLegacySetting,
  state: Standing,
): readonly LegacySettingExpired[] {
  const hasCome = japanDayOf(metadata.at) >= data.enforcedFrom;
  return state.status === 'legacy' && hasCome ? [{ type: 'LegacySettingExpired', data }] : [];
}

/** The release of an old registration, where there is one and it is not on the record yet. */
export function releaseOf(
  predecessor: Predecessor | undefined,
  userId: string,
  cause: LegacySettingReleased['data']['cause'],
): readonly LegacySettingReleased[] {
  if (predecessor === undefined || predecessor.released) return [];
  const { service, registeredAt } = predecessor;
  return [{ type: 'LegacySettingReleased', data: { userId, cause, service, registeredAt } }];
}

/** The old registration that is in force, or that a new one not yet saved only covers. */
export function oldRegistrationBehind(
  state: OldRegistration | { readonly status: string; readonly replaces?: OldRegistration },
): OldRegistration | undefined {
  return 'predecessor' in state ? state : state.replaces;
}

/** What is to be registered anew, as the event has it. */
export function predecessorIn({ data }: LegacySettingImported | ReRegistrationForced): Predecessor {
  const { service, address, accountName, registeredAt, importSince, receiveFrom, shareByDefault } = data;
  const details = { importSince, receiveFrom, shareByDefault };
  return { service, address, accountName, registeredAt, details, released: false };
}

/** The old registration of a setting that has to be registered anew; undefined: it never had one. */
export function predecessorOf(state: Standing): Predecessor | undefined {
  if (!isImportedAccount(state)) return state.predecessor ?? state.replaces?.predecessor;
  const { account, details } = state;
  const { address, accountName, legacyRegisteredAt: registeredAt } = account;
  return { service: 'other', address, accountName, registeredAt, details, released: false };
}

type ImportedAccount = Standing & {
  readonly account: { readonly address: string; readonly accountName: string; readonly legacyRegisteredAt: string };
  readonly details: Details;
};

/** An account that was taken over and that its user has not registered since. */
function isImportedAccount(state: Standing): state is ImportedAccount {
  const { account, details } = state;
  return account?.legacyRegisteredAt !== undefined && account.accountName !== undefined && details !== undefined;
}

/** By what recognition went may differ from day to day; what was recognised may not. */
function saysTheSame(before: Predecessor, now: ImportLegacySetting['data']): boolean {
  return (
    before.service === now.service &&
    before.address === now.address &&
    before.accountName === now.accountName &&
    before.registeredAt === now.registeredAt &&
    before.details.importSince === now.importSince &&
    before.details.shareByDefault === now.shareByDefault
  );
}
