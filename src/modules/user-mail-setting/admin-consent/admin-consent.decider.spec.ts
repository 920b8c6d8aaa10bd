import { type CommandMetadata, specificationOf } from '@libs/eventsourcing';
import { describe, it } from 'vitest';
import { adminConsentDecider, RecordAdminConsent } from './admin-consent.decider.js';
import { type AdminConsentGiven, type AdminConsentRefused } from './admin-consent.events.js';

const { given } = specificationOf(adminConsentDecider);

const byAdministrator: CommandMetadata = {
  company: 'porters',
  actor: { kind: 'system', name: 'microsoft-administrator' },
  at: '2026-11-22T00:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};
const tenantId = 'aaaaaaaa-0000-4000-8000-000000000001';
const scopes = ['Mail.Read', 'Mail.Send'];
const giving = (of = scopes, tenant = tenantId) =>
  new RecordAdminConsent({ answer: 'given', tenantId: tenant, scopes: of }, byAdministrator);
const given_: AdminConsentGiven = { type: 'AdminConsentGiven', data: { service: 'office365', tenantId, scopes } };
const refused: AdminConsentRefused = {
  type: 'AdminConsentRefused',
  data: { service: 'office365', code: 'consent_denied' },
};

describe("the Microsoft administrator's consent", () => {
  it('is recorded', () => given().when(giving()).then(given_));
  it('is recorded once, in whatever order the scopes come', () =>
    given(given_)
      .when(giving([...scopes].reverse()))
      .thenNothing());
  it('is recorded again for more than before', () =>
    given(given_)
      .when(giving([...scopes, 'Mail.ReadWrite']))
      .then({ ...given_, data: { ...given_.data, scopes: [...scopes, 'Mail.ReadWrite'] } }));
  it('is recorded for every tenant', () =>
    given(given_)
      .when(giving(scopes, 'another'))
      .then({ ...given_, data: { ...given_.data, tenantId: 'another' } }));
  it('may be refused, and given afterwards', () => {
    given()
      .when(new RecordAdminConsent({ answer: 'refused', code: 'consent_denied' }, byAdministrator))
      .then(refused);
    given(refused).when(giving()).then(given_);
  });
});
