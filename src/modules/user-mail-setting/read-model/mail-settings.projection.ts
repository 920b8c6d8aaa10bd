import { type Projection, type RecordedEvent, streamParts } from '@libs/eventsourcing';
import { type Predecessor, predecessorIn } from '../legacy-setting.decider.js';
import { type Account } from '../user-mail-setting.decider.js';
import {
  type LegacySettingEvent,
  type MailSettingReleased,
  USER_MAIL_SETTING,
  type UserMailSettingEvent,
} from '../user-mail-setting.events.js';

/** One document a user. Its state follows from which of the three parts are there (mail-settings.view). */
export interface MailSettingDocument {
  readonly company: string;
  readonly userId: string;
  /** null before the first one, and once released. */
  readonly account: Account | null;
  /** Of the present mailbox, else of the last one: received mail goes on saying where it came in. */
  readonly lastAddress: string | null;
  /** null until saved; they outlive a new password, and end with another server or the release. */
  readonly details: {
    readonly importSince: string | null;
    readonly receiveFrom: string;
    readonly shareByDefault: boolean;
  } | null;
  /** There was an account, and it was released. */
  readonly released: boolean;
  /** How the last consent came to nothing; null: it did not, or another account was set since. */
  readonly consentRefused: RefusedConsent | null;
  readonly actionRequired: { readonly code: string; readonly fixableBy: FixableBy; readonly since: string } | null;
  /** An old registration that the present one, or the next one, takes the place of; null: there is none to replace. */
  readonly predecessor: Predecessor | null;
  /** Why it has to be registered anew; null: it has not. A new account only covers it until it is saved. */
  readonly legacy: LegacyStanding | null;
  /** Of the stream; the ETag of the resource. */
  readonly revision: number;
}
export interface LegacyStanding {
  readonly status: 'legacy' | 're_registration_required';
  readonly code: 'legacy_setting' | 're_registration_forced' | 'legacy_setting_expired';
  readonly since: string;
  /** What the admin who asked for it has written. */
  readonly reason: string | null;
}
export interface RefusedConsent {
  readonly code: string;
  readonly fixableBy: FixableBy;
  readonly since: string;
  readonly address: string;
  readonly consentedAddress: string | null;
  readonly missingPermissions: readonly string[];
}
type FixableBy = 'user' | 'admin' | 'service';

export const mailSettingsProjection: Projection<MailSettingDocument, UserMailSettingEvent> = {
  name: 'mail_settings',
  version: 4,
  categories: [USER_MAIL_SETTING],
  project(event) {
    const [company = '', userId = ''] = streamParts(event.stream);
    const set = { company, userId, revision: event.revision, ...changeOf(event) };
    // A refused consent may be the first that is heard of a user.
    return [{ id: event.stream, set, ...(event.type === 'ConsentRefused' && { setOnInsert: NOTHING_YET }) }];
  },
};

const NOTHING_YET = { account: null, details: null, actionRequired: null, released: false } as const;

function changeOf(event: RecordedEvent<UserMailSettingEvent>): Partial<MailSettingDocument> {
  switch (event.type) {
    case 'AccountRegistered': {
      const { mailServerId, address, accountName, credentialRef, encryption, keepsDetails } = event.data;
      const account: Account = { service: 'other', mailServerId, address, accountName, credentialRef, encryption };
      return connected(account, keepsDetails);
    }
    case 'OAuthAccountConnected': {
      const { service, mailServerId, address, providerAccount, grantedScopes, credentialRef, keepsDetails } =
        event.data;
      const account: Account = { service, mailServerId, address, providerAccount, grantedScopes, credentialRef };
      return connected(account, keepsDetails);
    }
    case 'ConsentRefused': {
      const { code, fixableBy, address, consentedAddress, missingPermissions } = event.data;
      const since = event.metadata.at;
      return { consentRefused: { code, fixableBy, since, address, consentedAddress, missingPermissions } };
    }
    case 'MailSettingDetailsSaved': {
      const { importSince, receiveFrom, shareByDefault } = event.data;
      return { details: { importSince, receiveFrom, shareByDefault }, ...NO_LEGACY };
    }
    case 'MailSettingActionRequired': {
      const { code, fixableBy } = event.data;
      return { actionRequired: { code, fixableBy, since: event.metadata.at } };
    }
    case 'MailSettingReleased':
      return { ...NO_ACCOUNT, ...endedBy(event) };
    case 'LegacySettingImported':
    case 'ReRegistrationForced':
    case 'LegacySettingExpired':
    case 'MigrationReminded':
    case 'LegacySettingReleased':
      return legacyChangeOf(event);
  }
}

/** The old registration, when it was only covered, is in force again. */
const endedBy = ({ data }: MailSettingReleased): Partial<MailSettingDocument> =>
  data.restoresLegacy ? {} : { released: true, ...NO_LEGACY };

function connected(account: Account, keepsDetails: boolean): Partial<MailSettingDocument> {
  return {
    account,
    lastAddress: account.address,
    actionRequired: null,
    consentRefused: null,
    released: false,
    ...(keepsDetails ? {} : { details: null }),
  };
}

const NO_ACCOUNT = { account: null, details: null, actionRequired: null, consentRefused: null } as const;
const NO_LEGACY = { legacy: null, predecessor: null } as const;

function legacyChangeOf(event: RecordedEvent<LegacySettingEvent>): Partial<MailSettingDocument> {
  const { at: since, reason = null } = event.metadata;
  switch (event.type) {
    case 'LegacySettingImported':
      return {
        ...NO_ACCOUNT,
        released: false,
        ...registeredBefore(event),
        legacy: { status: 'legacy', code: 'legacy_setting', since, reason: null },
      };
    case 'ReRegistrationForced': {
      const legacy = { status: 're_registration_required', code: 're_registration_forced', since, reason } as const;
      return { account: null, details: null, actionRequired: null, ...registeredBefore(event), legacy };
    }
    case 'LegacySettingExpired':
      return { legacy: { status: 're_registration_required', code: 'legacy_setting_expired', since, reason: null } };
    case 'LegacySettingReleased':
      return event.data.cause === 'replaced' ? {} : { ...NO_LEGACY, released: true };
    case 'MigrationReminded':
      return {};
  }
}

function registeredBefore(event: Parameters<typeof predecessorIn>[0]): Partial<MailSettingDocument> {
  const predecessor = predecessorIn(event);
  return { predecessor, lastAddress: predecessor.address };
}
