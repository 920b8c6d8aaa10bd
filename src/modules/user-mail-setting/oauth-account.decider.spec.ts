import { type CommandMetadata, specificationOf } from '@libs/eventsourcing';
import { describe, it } from 'vitest';
import {
  ConnectOAuthAccount,
  RefuseConsent,
  ReleaseMailSetting,
  RequireAction,
  SaveDetails,
} from './user-mail-setting.commands.js';
import { userMailSettingDecider } from './user-mail-setting.decider.js';
import {
  type AccountRegistered,
  type ConsentRefused,
  type MailSettingActionRequired,
  type MailSettingDetailsSaved,
  type OAuthAccountConnected,
} from './user-mail-setting.events.js';

const { given } = specificationOf(userMailSettingDecider);

const byAlice: CommandMetadata = {
  company: 'porters',
  actor: { kind: 'user', userId: 'alice', name: '青木 アリス', roles: [] },
  at: '2026-11-21T15:30:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};
const aliceConsent = {
  userId: 'alice',
  mailServerId: 's1',
  service: 'office365' as const,
  address: 'alice@example.co.jp',
  providerAccount: { tenantId: 't1', accountId: 'a1' },
  grantedScopes: ['User.Read', 'Mail.Read', 'Mail.Send'],
  credentialRef: 'tokens-1',
};
const aliceConnected: OAuthAccountConnected = {
  type: 'OAuthAccountConnected',
  data: { ...aliceConsent, accountChanged: false, replacedCredentialRef: null, keepsDetails: false },
};
const sinceNovember: MailSettingDetailsSaved = {
  type: 'MailSettingDetailsSaved',
  data: { userId: 'alice', importSince: '2026-11-01', receiveFrom: '2026-10-31T15:00:00.000Z', shareByDefault: true },
};
const grantRevoked: MailSettingActionRequired = {
  type: 'MailSettingActionRequired',
  data: { userId: 'alice', code: 'login_required', fixableBy: 'user' },
};
const byPassword: AccountRegistered = {
  type: 'AccountRegistered',
  data: {
    userId: 'alice',
    mailServerId: 's0',
    service: 'other',
    address: 'alice@example.co.jp',
    accountName: 'alice',
    credentialRef: 'password-1',
    replacedCredentialRef: null,
    encryption: 'ssl',
    keepsDetails: false,
  },
};
const again = { ...aliceConsent, credentialRef: 'tokens-2' };
const connect = (data: ConnectOAuthAccount['data']) => new ConnectOAuthAccount(data, byAlice);
const connected = (over: Partial<OAuthAccountConnected['data']>): OAuthAccountConnected => ({
  type: 'OAuthAccountConnected',
  data: { ...aliceConnected.data, ...again, replacedCredentialRef: 'tokens-1', ...over },
});
const refusal: RefuseConsent['data'] = {
  userId: 'alice',
  mailServerId: 's1',
  service: 'office365',
  code: 'address_mismatch',
  fixableBy: 'user',
  address: 'alice@example.co.jp',
  consentedAddress: 'bob@example.co.jp',
  missingPermissions: [],
};
const refused: ConsentRefused = { type: 'ConsentRefused', data: refusal };

describe('an account by consent', () => {
  it('is connected', () => given().when(connect(aliceConsent)).then(aliceConnected));
  it('is connected once', () => given(aliceConnected).when(connect(aliceConsent)).thenNothing());
  it('receives only after 保存 (R28)', () =>
    given(aliceConnected)
      .when(new SaveDetails({ userId: 'alice', importSince: '2026-11-01', shareByDefault: true }, byAlice))
      .then(sinceNovember));

  it('is connected again without interrupting anything, and the old tokens are destroyed', () =>
    given(aliceConnected, sinceNovember)
      .when(connect(again))
      .then(connected({ keepsDetails: true })));
  it('is in use again once a person has done what was required', () =>
    given(aliceConnected, sinceNovember, grantRevoked, connected({ keepsDetails: true }))
      .when(new SaveDetails({ userId: 'alice', importSince: '2026-11-01', shareByDefault: true }, byAlice))
      .thenNothing());

  it.each([
    { tenantId: 't2', accountId: 'a1' },
    { tenantId: 't1', accountId: 'a2' },
  ])('shows when the same address has become another account (%o), and asks for the details anew', (providerAccount) =>
    given(aliceConnected, sinceNovember)
      .when(connect({ ...again, providerAccount }))
      .then(connected({ providerAccount, accountChanged: true, keepsDetails: false })),
  );

  it('takes the place of one with a password: another server, so the details are asked for anew', () =>
    given(byPassword, sinceNovember)
      .when(connect(aliceConsent))
      .then({ ...aliceConnected, data: { ...aliceConnected.data, replacedCredentialRef: 'password-1' } }));
});

describe('a consent that came to nothing', () => {
  it('is on the record', () => given().when(new RefuseConsent(refusal, byAlice)).then(refused));
  it('leaves what was connected before', () =>
    given(aliceConnected, sinceNovember, refused)
      .when(new SaveDetails({ userId: 'alice', importSince: '2026-11-01', shareByDefault: true }, byAlice))
      .thenNothing());
  it('connects nothing', () =>
    given(refused)
      .when(new SaveDetails({ userId: 'alice', importSince: null, shareByDefault: true }, byAlice))
      .thenRejected('mail_setting_not_connected'));
});

describe('a mailbox whose grant is gone', () => {
  const revoke = (credentialRef: string) =>
    new RequireAction({ userId: 'alice', code: 'login_required', fixableBy: 'user', credentialRef }, byAlice);
  it('asks for action', () => given(aliceConnected, sinceNovember).when(revoke('tokens-1')).then(grantRevoked));
  it('is not judged by tokens that were replaced meanwhile', () =>
    given(aliceConnected, sinceNovember, connected({ keepsDetails: true }))
      .when(revoke('tokens-1'))
      .thenNothing());
  it('is released with the tokens it has', () =>
    given(aliceConnected, sinceNovember, grantRevoked)
      .when(new ReleaseMailSetting({ userId: 'alice', cause: 'user', onlyOfMailServer: null }, byAlice))
      .then({ type: 'MailSettingReleased', data: { userId: 'alice', cause: 'user', credentialRef: 'tokens-1' } }));
});
