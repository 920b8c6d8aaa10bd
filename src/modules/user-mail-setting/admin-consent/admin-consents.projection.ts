import { type Projection, streamParts } from '@libs/eventsourcing';
import { ADMIN_CONSENT, type AdminConsentEvent } from './admin-consent.events.js';

/** One document a company. */
export interface AdminConsentDocument {
  readonly company: string;
  /** When it was given last; null: not yet. */
  readonly grantedAt: string | null;
  readonly tenantId: string | null;
}

export const adminConsentsProjection: Projection<AdminConsentDocument, AdminConsentEvent> = {
  name: 'admin_consents',
  version: 1,
  categories: [ADMIN_CONSENT],
  project(event) {
    const [company = ''] = streamParts(event.stream);
    switch (event.type) {
      case 'AdminConsentGiven':
        return [{ id: event.stream, set: { company, grantedAt: event.metadata.at, tenantId: event.data.tenantId } }];
      case 'AdminConsentRefused':
        return [{ id: event.stream, set: { company }, setOnInsert: { grantedAt: null, tenantId: null } }];
    }
  },
};
