import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/** What an admin asks for, for one, many or all at once. */
export type CampaignKind = 're_registration' | 'reminder';

/** An admin asked for it (R13); the reason stands in the event's. It is worked off person by person. */
export type LegacyCampaignStarted = DomainEvent<
  'LegacyCampaignStarted',
  {
    readonly campaignId: string;
    readonly kind: CampaignKind;
    /** null: everybody whom it concerns at this moment. */
    readonly userIds: readonly string[] | null;
    /** How many people it concerned when it was asked for. */
    readonly affected: number;
  }
>;
/** Everybody was seen to. Whom it no longer concerned by then was left alone. */
export type LegacyCampaignCompleted = DomainEvent<'LegacyCampaignCompleted', { readonly campaignId: string }>;

export type LegacyCampaignEvent = LegacyCampaignStarted | LegacyCampaignCompleted;

export const legacyCampaignEvents = defineEvents<LegacyCampaignEvent>()({
  LegacyCampaignStarted: { personal: [] },
  LegacyCampaignCompleted: { personal: [] },
});

export const LEGACY_CAMPAIGN = 'legacyCampaign';
export const legacyCampaignStream = (company: string, campaignId: string): string =>
  streamName(LEGACY_CAMPAIGN, company, campaignId);
