import { defineEvents, type DomainEvent, streamName } from '@libs/eventsourcing';

// Stored facts and a storage contract: fields get added, never changed; a new meaning is a new event.

/**
 * A Microsoft administrator came back saying that the app is allowed for the whole organisation. Microsoft does not sign
 * that answer: what it is worth shows when users sign in.
 */
export type AdminConsentGiven = DomainEvent<
  'AdminConsentGiven',
  { readonly service: 'office365'; readonly tenantId: string; readonly scopes: readonly string[] }
>;
/** A Microsoft administrator came back without allowing it. */
export type AdminConsentRefused = DomainEvent<
  'AdminConsentRefused',
  { readonly service: 'office365'; readonly code: string }
>;

export type AdminConsentEvent = AdminConsentGiven | AdminConsentRefused;

export const adminConsentEvents = defineEvents<AdminConsentEvent>()({
  AdminConsentGiven: { personal: [] },
  AdminConsentRefused: { personal: [] },
});

export const ADMIN_CONSENT = 'office365Consent';
export const adminConsentStream = (company: string): string => streamName(ADMIN_CONSENT, company);
