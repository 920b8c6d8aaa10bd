import { fold, specificationOf } from '@libs/eventsourcing';
import { describe, expect, it } from 'vitest';
import { legacyMetadata as metadata } from '../../../test/support/legacy-commands.js';
import {
  ExpireLegacySetting,
  ForceReRegistration,
  ImportAccount,
  ImportLegacySetting,
  RemindOfMigration,
} from './legacy-setting.commands.js';
import {
  ConnectOAuthAccount,
  RegisterAccount,
  ReleaseMailSetting,
  SaveDetails,
  type UserMailSettingCommand,
} from './user-mail-setting.commands.js';
import { userMailSettingDecider, type UserMailSettingState } from './user-mail-setting.decider.js';
import { type UserMailSettingEvent } from './user-mail-setting.events.js';

const { given } = specificationOf(userMailSettingDecider);

const userId = 'taro';
const address = 'taro@sample.example';
const later = { ...metadata, at: '2026-11-21T01:00:00.000Z' };
const registeredAt = '2019-04-01T00:00:00.000Z';
const old = { userId, address, accountName: address, registeredAt, importSince: '2020-01-06', shareByDefault: false };

const importOffice = new ImportLegacySetting(
  { ...old, service: 'office365', recognisedBy: 'host', host: 'outlook.office365.com' },
  metadata,
);
const importOther = new ImportAccount(
  { ...old, accountName: 'taro', mailServerId: 's1', credentialRef: 'old-ref', security: 'ssl' },
  metadata,
);
const force = new ForceReRegistration({ userId, campaignId: 'k1' }, metadata);
const remind = new RemindOfMigration({ userId, campaignId: 'k2' }, metadata);
const expire = new ExpireLegacySetting({ userId, enforcedFrom: '2026-11-20' }, metadata);
const consent = new ConnectOAuthAccount(
  {
    userId,
    mailServerId: 'o365',
    service: 'office365',
    address,
    providerAccount: { tenantId: 't1', accountId: 'a1' },
    grantedScopes: ['Mail.Read'],
    credentialRef: 'tokens',
  },
  later,
);
const register = new RegisterAccount(
  { userId, mailServerId: 's2', address, accountName: 'taro', credentialRef: 'new-ref', encryption: 'ssl' },
  later,
);
const save = new SaveDetails({ userId, importSince: '2020-01-06', shareByDefault: false }, later);
const release = new ReleaseMailSetting({ userId, cause: 'user', onlyOfMailServer: null }, later);
const serverDeleted = new ReleaseMailSetting({ userId, cause: 'mail_server_deleted', onlyOfMailServer: 'o365' }, later);

/** What these commands, one after the other, put on the record. */
function history(...commands: readonly UserMailSettingCommand[]): UserMailSettingEvent[] {
  const past: UserMailSettingEvent[] = [];
  for (const command of commands)
    past.push(...userMailSettingDecider.decide(command, fold(userMailSettingDecider, past)));
  return past;
}
const typesOf = (events: readonly UserMailSettingEvent[]): string[] => events.map(({ type }) => type);
const after = (...commands: readonly UserMailSettingCommand[]): UserMailSettingState =>
  fold(userMailSettingDecider, history(...commands));

const imported: UserMailSettingEvent = {
  type: 'LegacySettingImported',
  data: { ...importOffice.data, receiveFrom: '2020-01-05T15:00:00.000Z' },
};
const forced: UserMailSettingEvent = {
  type: 'ReRegistrationForced',
  data: {
    ...{
      userId,
      campaignId: 'k1',
      credentialRef: null,
      service: 'office365',
      address,
      accountName: address,
      registeredAt,
    },
    ...{ importSince: '2020-01-06', receiveFrom: '2020-01-05T15:00:00.000Z', shareByDefault: false },
  },
};

describe('an old setting of Office365', () => {
  it('is taken over', () => given().when(importOffice).then(imported));
  it('is taken over once', () => given(imported).when(importOffice).thenNothing());
  it('takes what a corrected line says', () => {
    const corrected = new ImportLegacySetting({ ...importOffice.data, shareByDefault: true }, later);
    given(imported).when(corrected).then({ ...imported, data: { ...imported.data, shareByDefault: true } }); // prettier-ignore
  });
  it('refuses an import day that is still to come', () => {
    const tomorrow = new ImportLegacySetting({ ...importOffice.data, importSince: '2026-11-22' }, metadata);
    given().when(tomorrow).thenRejected('import_day_invalid');
  });
  it('does not take back who has registered anew', () => {
    given(...history(importOffice, consent, save))
      .when(importOffice)
      .thenNothing();
    given(...history(importOffice, release))
      .when(importOffice)
      .thenNothing();
  });
  it('cannot be saved without a new registration', () =>
    given(imported).when(save).thenRejected('mail_setting_not_connected'));
  it('is released by its user', () =>
    given(imported)
      .when(release)
      .then({ type: 'LegacySettingReleased', data: { userId, cause: 'user', service: 'office365', registeredAt } }));
});

describe('the new registration', () => {
  it('takes the place of the old one when it is saved, and both are on the record (R11)', () => {
    given(...history(importOffice, consent))
      .when(save)
      .then(
        { type: 'LegacySettingReleased', data: { userId, cause: 'replaced', service: 'office365', registeredAt } },
        {
          type: 'MailSettingDetailsSaved',
          data: {
            userId,
            importSince: '2020-01-06',
            receiveFrom: '2020-01-05T15:00:00.000Z',
            shareByDefault: false,
            replacesLegacy: true,
          },
        },
      );
    expect(after(importOffice, consent, save)).toMatchObject({ status: 'in_use' });
  });
  it('receives from where the old one would have, when only new mail is wanted', () => {
    const onlyNew = { ...importOffice.data, importSince: null };
    const saved = new SaveDetails({ userId, importSince: null, shareByDefault: false }, later);
    expect(after(new ImportLegacySetting(onlyNew, metadata), consent, saved)).toMatchObject({
      details: { receiveFrom: metadata.at },
    });
  });
  it('only covers the old one until it is saved: with its server gone, the old one waits again', () => {
    given(...history(importOffice, consent))
      .when(serverDeleted)
      .then({
        type: 'MailSettingReleased',
        data: { userId, cause: 'mail_server_deleted', credentialRef: 'tokens', restoresLegacy: true },
      });
    expect(after(importOffice, remind, consent, serverDeleted)).toEqual(after(importOffice, remind));
    expect(after(importOffice, force, consent, serverDeleted)).toEqual(after(importOffice, force));
    expect(after(importOffice, expire, consent, register, serverDeleted), 'another server').toMatchObject({
      status: 'authorized',
    });
  });
  it('can be forced again, and take the place again, after its server was deleted', () => {
    given(...history(importOffice, consent, serverDeleted)).when(force).then(forced); // prettier-ignore
    expect(after(importOffice, consent, serverDeleted, consent, save)).toMatchObject({ status: 'in_use' });
  });
  it('brings nothing back once it is saved, or the old one released', () => {
    expect(after(importOffice, consent, save, serverDeleted)).toEqual({ status: 'released' });
    expect(after(importOffice, release, consent, serverDeleted)).toEqual(after(importOffice, release));
  });
  it('brings the old one back only where its release says so, as the read models have it', () => {
    const past = history(importOffice, consent, serverDeleted).map((event) => {
      if (event.type !== 'MailSettingReleased') return event;
      const { restoresLegacy: _unsaid, ...data } = event.data;
      return { ...event, data };
    });
    const state = fold(userMailSettingDecider, past);
    expect(state).toMatchObject({ status: 'released', predecessor: { address, released: false } });
    expect(userMailSettingDecider.decide(remind, state)).toEqual([]);
  });

  it('is released by its user together with the old one', () => {
    expect(typesOf(history(importOffice, consent, release)).slice(2)).toEqual([
      'MailSettingReleased',
      'LegacySettingReleased',
    ]);
    expect(after(importOffice, consent, release)).toEqual(after(importOffice, release));
  });
  it('follows also on a release by the user, which is not told twice', () => {
    expect(typesOf(history(importOffice, release, consent, save))).toEqual([
      'LegacySettingImported',
      'LegacySettingReleased',
      'OAuthAccountConnected',
      'MailSettingDetailsSaved',
    ]);
  });
});

describe('forced re-registration (R13)', () => {
  it('is put on the record', () => given(imported).when(force).then(forced));
  it('changes nothing the second time, whoever forces', () =>
    given(imported, forced)
      .when(new ForceReRegistration({ userId, campaignId: 'k9' }, later))
      .thenNothing());
  it('does not touch who is registering anew, or has', () => {
    given(...history(importOffice, consent))
      .when(force)
      .thenNothing();
    given(...history(importOffice, consent, save))
      .when(force)
      .thenNothing();
    given(...history(importOther, register))
      .when(force)
      .thenNothing();
  });
  it('does not touch who never had an old setting', () =>
    given(...history(register, save))
      .when(force)
      .thenNothing());
  it('ends an account that was taken over, names its credential and keeps its choices', () => {
    given(...history(importOther))
      .when(force)
      .then({
        type: 'ReRegistrationForced',
        data: { ...forced.data, service: 'other', accountName: 'taro', credentialRef: 'old-ref' },
      });
    expect(after(importOther, force)).toMatchObject({
      status: 're_registration_required',
      predecessor: { service: 'other', details: { importSince: '2020-01-06', shareByDefault: false } },
    });
  });
});

describe('the providers’ day (R09)', () => {
  it('stops an old setting', () =>
    given(imported)
      .when(expire)
      .then({ type: 'LegacySettingExpired', data: { userId, enforcedFrom: '2026-11-20' } }));
  it('does not come early', () =>
    given(imported)
      .when(new ExpireLegacySetting({ userId, enforcedFrom: '2026-11-21' }, metadata))
      .thenNothing());
  it('begins at midnight in Japan', () => {
    const at = (instant: string) =>
      new ExpireLegacySetting({ userId, enforcedFrom: '2026-11-21' }, { ...metadata, at: instant });
    given(imported).when(at('2026-11-20T14:59:59.999Z')).thenNothing();
    expect(userMailSettingDecider.decide(at('2026-11-20T15:00:00.000Z'), after(importOffice))).toHaveLength(1);
  });
  it('leaves alone who has been stopped, or has moved on', () => {
    given(imported, forced).when(expire).thenNothing();
    given(...history(importOffice, consent))
      .when(expire)
      .thenNothing();
  });
});

describe('a reminder', () => {
  it('is put on the record once a day', () => {
    expect(typesOf(history(importOffice, remind, remind))).toEqual(['LegacySettingImported', 'MigrationReminded']);
    expect(history(importOffice, remind, new RemindOfMigration(remind.data, later))).toHaveLength(3);
  });
  it('does not concern who has moved on', () =>
    given(...history(importOffice, consent, save))
      .when(remind)
      .thenNothing());
});

describe('an account that is taken over', () => {
  it('is in use at once', () => expect(after(importOther)).toMatchObject({ status: 'in_use' }));
  it('is taken over once', () =>
    given(...history(importOther))
      .when(importOther)
      .thenNothing());
  it('has the user’s own name (R34)', () =>
    given()
      .when(new ImportAccount({ ...importOther.data, accountName: 'jiro' }, metadata))
      .thenRejected('account_name_not_allowed'));
});
