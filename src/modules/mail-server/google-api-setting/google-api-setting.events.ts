import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/** An admin saved the company's own Google app (R16, Google OAuth 情報の入力). */
export type GoogleApiSettingSaved = DomainEvent<
  'GoogleApiSettingSaved',
  {
    readonly clientId: string;
    /** Where the client secret lies; the secret itself is in no event. */
    readonly credentialRef: string;
    /** The secret that this one takes the place of; it is destroyed. null: there was none, or it stays. */
    readonly replacedCredentialRef: string | null;
    /** What people consented to for the client before is worth nothing with this one: they have to consent anew. */
    readonly clientIdChanged: boolean;
    /** Units a minute and user as the Cloud console shows them for the project; null: those of a new project. */
    readonly quotaUnitsPerMinute: number | null;
  }
>;
/** An admin deleted it; the secret is destroyed. */
export type GoogleApiSettingDeleted = DomainEvent<
  'GoogleApiSettingDeleted',
  { readonly clientId: string; readonly credentialRef: string }
>;

export type GoogleApiSettingEvent = GoogleApiSettingSaved | GoogleApiSettingDeleted;

export const googleApiSettingEvents = defineEvents<GoogleApiSettingEvent>()({
  GoogleApiSettingSaved: { personal: [] },
  GoogleApiSettingDeleted: { personal: [] },
});

export const GOOGLE_API_SETTING = 'googleApiSetting';
export const googleApiSettingStream = (company: string): string => streamName(GOOGLE_API_SETTING, company);
