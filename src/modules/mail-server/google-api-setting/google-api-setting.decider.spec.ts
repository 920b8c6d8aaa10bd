import { type CommandMetadata, specificationOf } from '@libs/eventsourcing';
import { describe, it } from 'vitest';
import { DeleteGoogleApiSetting, SaveGoogleApiSetting } from './google-api-setting.commands.js';
import { googleApiSettingDecider } from './google-api-setting.decider.js';
import { type GoogleApiSettingDeleted, type GoogleApiSettingSaved } from './google-api-setting.events.js';

const { given } = specificationOf(googleApiSettingDecider);

const byAdmin: CommandMetadata = {
  company: 'porters',
  actor: { kind: 'user', userId: 'admin', name: '管理 花子', roles: ['admin'] },
  at: '2026-11-22T01:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};
const companyApp = { clientId: '1-a.apps.googleusercontent.com', credentialRef: 'r1', quotaUnitsPerMinute: null };
const otherApp = { clientId: '2-b.apps.googleusercontent.com', credentialRef: 'r2', quotaUnitsPerMinute: null };
const first = { replacedCredentialRef: null, clientIdChanged: false };
const saved: GoogleApiSettingSaved = { type: 'GoogleApiSettingSaved', data: { ...companyApp, ...first } };
const deleted: GoogleApiSettingDeleted = {
  type: 'GoogleApiSettingDeleted',
  data: { clientId: companyApp.clientId, credentialRef: 'r1' },
};

describe("the company's Google app", () => {
  it('is saved', () => given().when(new SaveGoogleApiSetting(companyApp, byAdmin)).then(saved));

  it('is saved once, however often it is asked for', () =>
    given(saved).when(new SaveGoogleApiSetting(companyApp, byAdmin)).thenNothing());

  it('gets another secret, and the old one is named for destruction', () =>
    given(saved)
      .when(new SaveGoogleApiSetting({ ...companyApp, credentialRef: 'r2' }, byAdmin))
      .then({
        type: 'GoogleApiSettingSaved',
        data: { ...companyApp, credentialRef: 'r2', replacedCredentialRef: 'r1', clientIdChanged: false },
      }));

  it('is replaced by another app, which the consents given so far are not for', () =>
    given(saved)
      .when(new SaveGoogleApiSetting(otherApp, byAdmin))
      .then({
        type: 'GoogleApiSettingSaved',
        data: { ...otherApp, replacedCredentialRef: 'r1', clientIdChanged: true },
      }));

  it('gets the quota that its project has', () =>
    given(saved)
      .when(new SaveGoogleApiSetting({ ...companyApp, quotaUnitsPerMinute: 15_000 }, byAdmin))
      .then({ type: 'GoogleApiSettingSaved', data: { ...companyApp, quotaUnitsPerMinute: 15_000, ...first } }));

  it('is deleted', () => given(saved).when(new DeleteGoogleApiSetting(byAdmin, null)).then(deleted));

  it('cannot be deleted before it exists, or twice', () => {
    given().when(new DeleteGoogleApiSetting(byAdmin, null)).thenRejected('google_api_setting_not_found');
    given(saved, deleted).when(new DeleteGoogleApiSetting(byAdmin, null)).thenRejected('google_api_setting_not_found');
  });

  it('comes back after its deletion as a new one', () =>
    given(saved, deleted)
      .when(new SaveGoogleApiSetting(otherApp, byAdmin))
      .then({ type: 'GoogleApiSettingSaved', data: { ...otherApp, ...first } }));
});
