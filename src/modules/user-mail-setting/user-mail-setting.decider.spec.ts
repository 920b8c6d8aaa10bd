import { type CommandMetadata, specificationOf } from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import { isAccountNameAllowed } from './account-name.policy.js';
import { japanDayOf, startOfJapanDay } from './import-day.policy.js';
import { RegisterAccount, ReleaseMailSetting, RequireAction, SaveDetails } from './user-mail-setting.commands.js';
import { userMailSettingDecider } from './user-mail-setting.decider.js';
import {
  type AccountRegistered,
  type MailSettingActionRequired,
  type MailSettingDetailsSaved,
  type MailSettingReleased,
} from './user-mail-setting.events.js';

const { given } = specificationOf(userMailSettingDecider);

const byAlice: CommandMetadata = {
  company: 'porters',
  actor: { kind: 'user', userId: 'alice', name: '青木 アリス', roles: [] },
  at: '2026-11-21T15:30:00.000Z', // 00:30 of the 22nd in Japan
  correlationId: 'c1',
  causationId: 'c1',
};
const aliceAccount = {
  userId: 'alice',
  mailServerId: 's1',
  address: 'alice@example.co.jp',
  accountName: 'alice',
  credentialRef: 'secret-1',
  encryption: 'ssl' as const,
};
const aliceRegistered: AccountRegistered = {
  type: 'AccountRegistered',
  data: { ...aliceAccount, service: 'other', replacedCredentialRef: null, keepsDetails: false },
};
const sinceNovember: MailSettingDetailsSaved = {
  type: 'MailSettingDetailsSaved',
  data: { userId: 'alice', importSince: '2026-11-01', receiveFrom: '2026-10-31T15:00:00.000Z', shareByDefault: true },
};
const onlyNewMail: MailSettingDetailsSaved = {
  type: 'MailSettingDetailsSaved',
  data: { userId: 'alice', importSince: null, receiveFrom: '2026-11-01T00:00:00.000Z', shareByDefault: true },
};
const passwordRefused: MailSettingActionRequired = {
  type: 'MailSettingActionRequired',
  data: { userId: 'alice', code: 'login_failed', fixableBy: 'user' },
};
const aliceReleased: MailSettingReleased = {
  type: 'MailSettingReleased',
  data: { userId: 'alice', cause: 'user', credentialRef: 'secret-1' },
};
const save = (importSince: string | null, shareByDefault = true) =>
  new SaveDetails({ userId: 'alice', importSince, shareByDefault }, byAlice);
const releaseByAlice = new ReleaseMailSetting({ userId: 'alice', cause: 'user', onlyOfMailServer: null }, byAlice);

describe('an account of an other server', () => {
  it('is registered', () => given().when(new RegisterAccount(aliceAccount, byAlice)).then(aliceRegistered));

  it('is registered once', () => given(aliceRegistered).when(new RegisterAccount(aliceAccount, byAlice)).thenNothing());

  it('has no other name than the address or its part before the @ (R34)', () =>
    given()
      .when(new RegisterAccount({ ...aliceAccount, accountName: 'bob' }, byAlice))
      .thenRejected('account_name_not_allowed'));

  it('names the credential that a new one takes the place of, so that it gets destroyed', () =>
    given(aliceRegistered)
      .when(new RegisterAccount({ ...aliceAccount, credentialRef: 'secret-2' }, byAlice))
      .then({
        type: 'AccountRegistered',
        data: { ...aliceRegistered.data, credentialRef: 'secret-2', replacedCredentialRef: 'secret-1' },
      }));

  it.each([
    ['alice@example.co.jp', 'alice@example.co.jp', true],
    ['alice', 'alice@example.co.jp', true],
    ['"a@b"', '"a@b"@example.co.jp', true],
    ['ALICE', 'alice@example.co.jp', false],
    ['example.co.jp', 'alice@example.co.jp', false],
    ['', 'alice@example.co.jp', false],
  ])('named %s for %s: %s', (name, address, allowed) => {
    expect(isAccountNameAllowed(name, address)).toBe(allowed);
  });
});

describe('an account registered anew while the mailbox is in use', () => {
  const newPassword = { ...aliceAccount, credentialRef: 'secret-2' };
  it('keeps the details with the same server', () =>
    given(aliceRegistered, sinceNovember)
      .when(new RegisterAccount(newPassword, byAlice))
      .then({
        type: 'AccountRegistered',
        data: { ...newPassword, service: 'other', replacedCredentialRef: 'secret-1', keepsDetails: true },
      }));
  it('asks for them again with another server', () =>
    given(aliceRegistered, sinceNovember)
      .when(new RegisterAccount({ ...newPassword, mailServerId: 's2' }, byAlice))
      .then({
        type: 'AccountRegistered',
        data: {
          ...newPassword,
          mailServerId: 's2',
          service: 'other',
          replacedCredentialRef: 'secret-1',
          keepsDetails: false,
        },
      }));
});

describe('details', () => {
  it('cannot be saved before there is an account', () =>
    given().when(save('2026-11-01')).thenRejected('mail_setting_not_connected'));

  it('start receiving from midnight in Japan of the chosen day (R28, R29)', () =>
    given(aliceRegistered).when(save('2026-11-01')).then(sinceNovember));

  it('may name today in Japan, which is not yet today in UTC', () =>
    given(aliceRegistered)
      .when(save('2026-11-22'))
      .then({
        type: 'MailSettingDetailsSaved',
        data: { ...sinceNovember.data, importSince: '2026-11-22', receiveFrom: '2026-11-21T15:00:00.000Z' },
      }));

  it.each(['2026-11-23', '2026-02-30', '2026-1-1', 'yesterday', ''])('refuse the day %j', (day) =>
    given(aliceRegistered).when(save(day)).thenRejected('import_day_invalid'),
  );

  it('without a day start with what comes from now on', () =>
    given(aliceRegistered)
      .when(save(null))
      .then({
        type: 'MailSettingDetailsSaved',
        data: { userId: 'alice', importSince: null, receiveFrom: byAlice.at, shareByDefault: true },
      }));

  it('without a day take in what comes in the very second, which mail servers do not divide', () =>
    given(aliceRegistered)
      .when(
        new SaveDetails(
          { userId: 'alice', importSince: null, shareByDefault: true },
          { ...byAlice, at: '2026-11-21T15:30:00.987Z' },
        ),
      )
      .then({
        type: 'MailSettingDetailsSaved',
        data: { userId: 'alice', importSince: null, receiveFrom: '2026-11-21T15:30:00.000Z', shareByDefault: true },
      }));

  it('keep the instant from which mail is new when only the share choice changes', () =>
    given(aliceRegistered, onlyNewMail)
      .when(save(null, false))
      .then({ type: 'MailSettingDetailsSaved', data: { ...onlyNewMail.data, shareByDefault: false } }));

  it('that are the same change nothing', () =>
    given(aliceRegistered, sinceNovember).when(save('2026-11-01')).thenNothing());
});

describe('a mailbox that can be read no longer', () => {
  const refuse = new RequireAction(
    { userId: 'alice', code: 'login_failed', fixableBy: 'user', credentialRef: 'secret-1' },
    byAlice,
  );

  it('asks for action', () => given(aliceRegistered, sinceNovember).when(refuse).then(passwordRefused));
  it('asks once', () => given(aliceRegistered, sinceNovember, passwordRefused).when(refuse).thenNothing());
  it('is not judged by a password that was replaced in the meantime', () =>
    given(aliceRegistered, sinceNovember, {
      ...aliceRegistered,
      data: { ...aliceRegistered.data, credentialRef: 'secret-2', keepsDetails: true },
    })
      .when(refuse)
      .thenNothing());
  it('is in use again with its old details once the account is registered anew', () =>
    given(aliceRegistered, sinceNovember, passwordRefused, {
      ...aliceRegistered,
      data: { ...aliceRegistered.data, credentialRef: 'secret-2', keepsDetails: true },
    })
      .when(save('2026-11-01'))
      .thenNothing());
});

describe('release (R14)', () => {
  it('ends receiving and names the credential to destroy', () =>
    given(aliceRegistered, sinceNovember).when(releaseByAlice).then(aliceReleased));
  it('happens once', () => given(aliceRegistered, aliceReleased).when(releaseByAlice).thenNothing());
  it('has nothing to do where nothing was set', () => given().when(releaseByAlice).thenNothing());
  it('of a deleted server leaves a setting alone that has gone to another server', () =>
    given(aliceRegistered)
      .when(new ReleaseMailSetting({ userId: 'alice', cause: 'mail_server_deleted', onlyOfMailServer: 's2' }, byAlice))
      .thenNothing());
  it('asks for the details again after a new registration', () =>
    given(aliceRegistered, sinceNovember, aliceReleased, aliceRegistered).when(save('2026-11-01')).then(sinceNovember));
});

describe('days in Japan', () => {
  it.each([
    ['2020-08-11', '2020-08-10T15:00:00.000Z'],
    ['2024-02-29', '2024-02-28T15:00:00.000Z'],
  ])('%s starts at %s', (day, instant) => expect(startOfJapanDay(day)).toBe(instant));

  it.each(['2023-02-29', '2024-13-01', '2024-00-10', '24-01-01'])('%s is no day', (day) =>
    expect(startOfJapanDay(day)).toBeNull(),
  );

  it('end at 15:00 UTC', () => {
    expect(japanDayOf('2026-11-21T14:59:59.999Z')).toBe('2026-11-21');
    expect(japanDayOf('2026-11-21T15:00:00.000Z')).toBe('2026-11-22');
  });
});
