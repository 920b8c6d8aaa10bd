import { type CommandMetadata, type Decider, type DomainCommand } from '@libs/eventsourcing';
import { type AdminConsentEvent } from './admin-consent.events.js';

export class RecordAdminConsent implements DomainCommand<'RecordAdminConsent', AnsweredAdminConsent> {
  readonly type = 'RecordAdminConsent';
  constructor(
    readonly data: AnsweredAdminConsent,
    readonly metadata: CommandMetadata,
  ) {}
}

/** What the administrator's browser brought back. */
export type AnsweredAdminConsent =
  | { readonly answer: 'given'; readonly tenantId: string; readonly scopes: readonly string[] }
  | { readonly answer: 'refused'; readonly code: string };

export interface AdminConsentState {
  /** Tenants whose administrator has allowed the app, with what they allowed. */
  readonly given: Readonly<Record<string, readonly string[]>>;
}

/** What Microsoft administrators decided about HRBC's app. Giving the same again changes nothing. */
export const adminConsentDecider: Decider<AdminConsentState, RecordAdminConsent, AdminConsentEvent> = {
  initialState: { given: {} },
  evolve({ given }, event) {
    switch (event.type) {
      case 'AdminConsentGiven':
        return { given: { ...given, [event.data.tenantId]: event.data.scopes } };
      case 'AdminConsentRefused':
        return { given };
    }
  },
  decide({ data }, { given }) {
    if (data.answer === 'refused') {
      return [{ type: 'AdminConsentRefused', data: { service: 'office365', code: data.code } }];
    }
    const { tenantId, scopes } = data;
    const before = given[tenantId];
    if (before && scopes.every((scope) => before.includes(scope))) return [];
    return [{ type: 'AdminConsentGiven', data: { service: 'office365', tenantId, scopes } }];
  },
};
