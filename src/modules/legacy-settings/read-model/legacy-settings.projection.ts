import { type DocumentChange, type Projection, streamName } from '@libs/eventsourcing';
import { INBOX, type InboxEvent } from '../../inbox/index.js';
import { OUTBOX_MAIL, type OutboxEvent } from '../../outbox/index.js';
import { USER_MAIL_SETTING, type UserMailSettingEvent } from '../../user-mail-setting/index.js';

/** Where the old setting of a person stands. `imported`: of an other server, taken over with its password. */
export type LegacyStage = 'legacy' | 're_registration_required' | 'migrated' | 'released' | 'imported';

/** One document a person. People who never had an old setting have no stage, and no query finds them. */
export interface LegacySettingDocument {
  readonly company: string;
  readonly userId: string;
  readonly stage: LegacyStage;
  readonly service: 'office365' | 'gmail' | 'other';
  readonly recognisedBy: 'host' | 'alias' | 'mx' | null;
  /** null once there is nothing any more that it belongs to. */
  readonly address: string | null;
  readonly registeredAt: string;
  readonly importedAt: string;
  /** A new account is set or consented to. */
  readonly connected: boolean;
  /** The account is the one that was taken over: its user has set none since. */
  readonly takenOver: boolean;
  readonly forcedAt: string | null;
  readonly forcedReason: string | null;
  readonly expiredAt: string | null;
  readonly remindedAt: string | null;
  readonly reminders: number;
  readonly migratedAt: string | null;
  /** Since the migration; how often something came in, and when it last did. */
  readonly received: number;
  readonly receivedAt: string | null;
  readonly sentAt: string | null;
}

const NOT_YET = { forcedAt: null, forcedReason: null, expiredAt: null, migratedAt: null } as const;
const UNPROVEN = { received: 0, receivedAt: null, sentAt: null } as const;
const DISCONNECTED = { connected: false, takenOver: false } as const;
const UNREMINDED = { remindedAt: null, reminders: 0 } as const;

/** The events that the migration of a person shows in: of the setting, and of the mail that proves it. */
export type LegacySettingSource = UserMailSettingEvent | InboxEvent | OutboxEvent;
type Change = Omit<DocumentChange<LegacySettingDocument>, 'id'>;

export const legacySettingsProjection: Projection<LegacySettingDocument, LegacySettingSource> = {
  name: 'legacy_settings',
  version: 2,
  categories: [USER_MAIL_SETTING, INBOX, OUTBOX_MAIL],
  project(event) {
    const { company, at, reason = null } = event.metadata;
    const change = changeOf(event, at, reason);
    if (change === null) return [];
    const { userId } = event.data;
    return [{ id: streamName('legacySetting', company, userId), ...change, set: { ...change.set, company, userId } }];
  },
};

/** What the event says of the person's migration; null: nothing. */
function changeOf(event: LegacySettingSource, at: string, reason: string | null): Change | null {
  switch (event.type) {
    case 'LegacySettingImported': {
      const { service, recognisedBy, address, registeredAt } = event.data;
      const imported = { stage: 'legacy', service, recognisedBy, address, registeredAt, importedAt: at } as const;
      // Set, and not only on insert: mail that came or went before the import has made the document already. Reminders
      // that went out stand, though, when a corrected line is imported.
      return { set: { ...imported, ...DISCONNECTED, ...NOT_YET, ...UNPROVEN }, setOnInsert: UNREMINDED };
    }
    case 'AccountRegistered':
    case 'OAuthAccountConnected':
      return { set: connectedBy(event, at) };
    case 'ReRegistrationForced':
      return { set: { stage: 're_registration_required', ...DISCONNECTED, forcedAt: at, forcedReason: reason } };
    case 'LegacySettingExpired':
      return { set: { stage: 're_registration_required', ...DISCONNECTED, expiredAt: at } };
    case 'MigrationReminded':
      return { set: { remindedAt: at }, inc: { reminders: 1 } };
    case 'LegacySettingReleased':
      return event.data.cause === 'replaced' ? null : { set: { stage: 'released', address: null } };
    case 'MailSettingDetailsSaved':
      return event.data.replacesLegacy ? { set: { stage: 'migrated', migratedAt: at, ...UNPROVEN } } : null;
    case 'MailSettingReleased':
      return { set: { ...DISCONNECTED, ...addressAfter(event) } };
    default:
      return proofIn(event, at);
  }
}

type Released = Extract<UserMailSettingEvent, { type: 'MailSettingReleased' }>;
/** An old registration that is in force again keeps its address. */
const addressAfter = ({ data }: Released): Partial<LegacySettingDocument> =>
  data.restoresLegacy ? {} : { address: null };

/** Mail that came in or went out; after a migration it proves that the new registration works. */
function proofIn(event: LegacySettingSource, at: string): Change | null {
  switch (event.type) {
    case 'MailsReceived':
      return event.data.messages.length > 0 ? received(at) : null;
    case 'ImportCompleted':
      // Mail that was here already, by the old setting, came in by the new one as well: that proves it too.
      return event.data.standing.import.known > 0 ? received(at) : null;
    case 'MailAccepted':
      return { set: { sentAt: at } };
    default:
      return null;
  }
}

type Connected = Extract<UserMailSettingEvent, { type: 'AccountRegistered' | 'OAuthAccountConnected' }>;
function connectedBy(event: Connected, at: string): Partial<LegacySettingDocument> {
  const registeredAt = 'legacyRegisteredAt' in event.data ? event.data.legacyRegisteredAt : undefined;
  return registeredAt === undefined
    ? { connected: true, takenOver: false }
    : takenOver(event.data.address, registeredAt, at);
}

const received = (at: string): Change => ({ set: { receivedAt: at }, inc: { received: 1 } });

function takenOver(address: string, registeredAt: string, importedAt: string) {
  const imported = {
    stage: 'imported',
    service: 'other',
    recognisedBy: null,
    address,
    registeredAt,
    importedAt,
  } as const;
  return { ...imported, connected: true, takenOver: true, ...UNREMINDED, ...NOT_YET, ...UNPROVEN };
}
