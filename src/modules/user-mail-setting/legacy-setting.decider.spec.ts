import { type CommandMetadata, fold, specificationOf } from '@libs/eventsourcing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
const metadata: CommandMetadata = {
  company: 'sample',
  actor: { kind: 'user', userId: 'admin', name: '管理 花子', roles: ['admin'] },
  at: '2026-11-20T01:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};
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

/** Which state may follow which; whatever is not here must never happen. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  none: ['legacy', 'in_use', 'authorized'],
  legacy: ['re_registration_required', 'authorized', 'released'],
  re_registration_required: ['authorized', 'released'],
  authorized: ['authorized', 'in_use', 'released'],
  in_use: ['authorized', 'in_use', 're_registration_required', 'released'],
  released: ['authorized'],
};
const anyCommand = fc.constantFrom<UserMailSettingCommand>(
  ...[importOffice, importOther, force, remind, expire, consent, register, save, release],
);

describe('any order of import, force, expiry, consent, registration, save, release and repeats', () => {
  it('goes only through states the rules allow, with a history that explains it', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 25 }), (commands) => {
        const past: UserMailSettingEvent[] = [];
        let state = userMailSettingDecider.initialState;
        for (const [index, raw] of commands.entries()) {
          const command = withOwnCredential(raw, index);
          const events = attempt(command, state);
          const before = state.status;
          past.push(...events);
          state = events.reduce(userMailSettingDecider.evolve, state);
          if (state.status !== before) expect(NEXT[before], `${before} → ${state.status}`).toContain(state.status);
          else expect(attempt(command, state), 'a repeat changes nothing').toEqual([]);
        }
        expect(fold(userMailSettingDecider, past)).toEqual(state);
        assertLastEventExplains(past, state);
        assertExplained(past, state);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Every registration brings a credential of its own, as the handlers see to. */
function withOwnCredential(command: UserMailSettingCommand, index: number): UserMailSettingCommand {
  if (!('credentialRef' in command.data)) return command;
  return { ...command, data: { ...command.data, credentialRef: `ref-${index}` } } as UserMailSettingCommand;
}

function attempt(command: UserMailSettingCommand, state: UserMailSettingState): readonly UserMailSettingEvent[] {
  try {
    return userMailSettingDecider.decide(command, state);
  } catch (error) {
    expect((error as { code?: string }).code).toBe('mail_setting_not_connected');
    return [];
  }
}

/** By which event a setting comes into its state; a reminder brings nobody anywhere. */
const BROUGHT_BY: Readonly<Record<string, readonly UserMailSettingEvent['type'][]>> = {
  none: [],
  legacy: ['LegacySettingImported'],
  re_registration_required: ['ReRegistrationForced', 'LegacySettingExpired'],
  authorized: ['AccountRegistered', 'OAuthAccountConnected'],
  in_use: ['MailSettingDetailsSaved', 'AccountRegistered', 'OAuthAccountConnected'],
  released: ['MailSettingReleased', 'LegacySettingReleased'],
};
/** The last event that is no reminder says what the setting's state is. */
function assertLastEventExplains(past: readonly UserMailSettingEvent[], { status }: UserMailSettingState): void {
  const last = past.findLast(({ type }) => type !== 'MigrationReminded');
  if (last === undefined) expect(status).toBe('none');
  else expect(BROUGHT_BY[status], `${last.type} → ${status}`).toContain(last.type);
  const keeps = last !== undefined && 'keepsDetails' in last.data ? last.data.keepsDetails : null;
  if (keeps !== null) expect(status).toBe(keeps ? 'in_use' : 'authorized');
}

/** Of credentials exactly the present one is alive, and an old registration was released at most once. */
function assertExplained(past: readonly UserMailSettingEvent[], state: UserMailSettingState): void {
  const alive = new Set<string>();
  for (const { data } of past) {
    const { credentialRef, replacedCredentialRef } = data as Partial<Record<string, string | null>>;
    if (replacedCredentialRef) alive.delete(replacedCredentialRef);
    // Named the first time it is kept, and the second time destroyed.
    if (credentialRef && !alive.delete(credentialRef)) alive.add(credentialRef);
  }
  expect([...alive]).toEqual('account' in state ? [state.account.credentialRef] : []);
  const count = (type: string): number => past.filter((event) => event.type === type).length;
  expect(count('LegacySettingReleased')).toBeLessThanOrEqual(
    count('LegacySettingImported') + count('ReRegistrationForced'),
  );
  if (past.some(({ data }) => 'replacesLegacy' in data)) expect(count('LegacySettingReleased')).toBeGreaterThan(0);
}
