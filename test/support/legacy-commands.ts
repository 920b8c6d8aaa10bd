import { type CommandMetadata } from '@libs/eventsourcing';
import { expect } from 'vitest';
import {
  ExpireLegacySetting,
  ForceReRegistration,
  ImportAccount,
  ImportLegacySetting,
  RemindOfMigration,
} from '../../src/modules/user-mail-setting/legacy-setting.commands.js';
import {
  ConnectOAuthAccount,
  RegisterAccount,
  ReleaseMailSetting,
  SaveDetails,
  type UserMailSettingCommand,
} from '../../src/modules/user-mail-setting/user-mail-setting.commands.js';
import {
  userMailSettingDecider,
  type UserMailSettingState,
} from '../../src/modules/user-mail-setting/user-mail-setting.decider.js';
import { type UserMailSettingEvent } from '../../src/modules/user-mail-setting/user-mail-setting.events.js';
import { type MailsReceived } from '../../src/modules/inbox/inbox.events.js';
import { type MailAccepted } from '../../src/modules/outbox/outbox.events.js';

const userId = 'taro';
const address = 'taro@sample.example';
export const legacyMetadata: CommandMetadata = {
  company: 'sample',
  actor: { kind: 'user', userId: 'admin', name: '管理 花子', roles: ['admin'] },
  at: '2026-11-20T01:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};
const old = {
  ...{ userId, address, accountName: address, registeredAt: '2019-04-01T00:00:00.000Z' },
  ...{ importSince: '2020-01-06', shareByDefault: false },
};
const oauth = {
  ...{ userId, mailServerId: 'o365', address, grantedScopes: ['Mail.Read'] },
  service: 'office365',
  providerAccount: { tenantId: 't1', accountId: 'a1' },
} as const;

/** How many kinds of command there are for a person with an old setting. */
export const LEGACY_COMMANDS = 10;

/** One of every kind, each with a credential of its own, as the handlers see to. */
export function legacyCommandsAt(n: number): readonly UserMailSettingCommand[] {
  const commands = [
    new ImportLegacySetting({ ...old, service: 'gmail', recognisedBy: 'mx', host: 'imap.example' }, legacyMetadata),
    new ImportAccount({ ...old, mailServerId: 's1', credentialRef: `old-${n}`, security: 'ssl' }, legacyMetadata),
    new ForceReRegistration({ userId, campaignId: 'k1' }, { ...legacyMetadata, reason: '退職者対応' }),
    new RemindOfMigration({ userId, campaignId: 'k2' }, legacyMetadata),
    new ExpireLegacySetting({ userId, enforcedFrom: '2026-11-20' }, legacyMetadata),
    new ConnectOAuthAccount({ ...oauth, credentialRef: `tokens-${n}` }, legacyMetadata),
    new RegisterAccount(
      { userId, mailServerId: 's2', address, accountName: 'taro', credentialRef: `new-${n}`, encryption: 'ssl' },
      legacyMetadata,
    ),
    new SaveDetails({ userId, importSince: '2020-01-06', shareByDefault: false }, legacyMetadata),
    new ReleaseMailSetting({ userId, cause: 'user', onlyOfMailServer: null }, legacyMetadata),
    new ReleaseMailSetting({ userId, cause: 'mail_server_deleted', onlyOfMailServer: 'o365' }, legacyMetadata),
  ];
  expect(commands).toHaveLength(LEGACY_COMMANDS);
  return commands;
}

/** Mail of the same person, which comes and goes whatever the setting is: as far as the cockpit looks at it. */
export const LEGACY_MAILS = [
  { type: 'MailsReceived', data: { userId, messages: [{}] } },
  { type: 'MailAccepted', data: { userId } },
] as unknown as readonly (MailsReceived | MailAccepted)[];

/** What the command puts on the record; saving without an account is refused, which changes nothing either. */
export function decided(command: UserMailSettingCommand, state: UserMailSettingState): readonly UserMailSettingEvent[] {
  try {
    return userMailSettingDecider.decide(command, state);
  } catch (error) {
    expect((error as { code?: string }).code).toBe('mail_setting_not_connected');
    return [];
  }
}
