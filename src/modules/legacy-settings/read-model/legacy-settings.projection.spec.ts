import { type CommandMetadata, type RecordedEvent } from '@libs/eventsourcing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ExpireLegacySetting,
  ForceReRegistration,
  ImportAccount,
  ImportLegacySetting,
  RemindOfMigration,
} from '../../user-mail-setting/legacy-setting.commands.js';
import {
  ConnectOAuthAccount,
  RegisterAccount,
  ReleaseMailSetting,
  SaveDetails,
  type UserMailSettingCommand,
} from '../../user-mail-setting/user-mail-setting.commands.js';
import {
  userMailSettingDecider,
  type UserMailSettingState,
} from '../../user-mail-setting/user-mail-setting.decider.js';
import {
  type LegacySettingDocument,
  type LegacySettingSource,
  legacySettingsProjection,
} from './legacy-settings.projection.js';

const userId = 'taro';
const address = 'taro@sample.example';
const metadata: CommandMetadata = {
  company: 'sample',
  actor: { kind: 'user', userId: 'admin', name: '管理 花子', roles: ['admin'] },
  at: '2026-11-20T01:00:00.000Z',
  correlationId: 'c1',
  causationId: 'c1',
};
const registeredAt = '2019-04-01T00:00:00.000Z';
const old = { userId, address, accountName: address, registeredAt, importSince: '2020-01-06', shareByDefault: false };
const oauth = { userId, mailServerId: 'o365', service: 'office365', address, grantedScopes: ['Mail.Read'] } as const;
const providerAccount = { tenantId: 't1', accountId: 'a1' };

/** Every command there is for a person with an old setting, each with a credential of its own. */
const commandsAt = (n: number): readonly UserMailSettingCommand[] => [
  new ImportLegacySetting({ ...old, service: 'gmail', recognisedBy: 'mx', host: 'imap.example' }, metadata),
  new ImportAccount({ ...old, mailServerId: 's1', credentialRef: `old-${n}`, security: 'ssl' }, metadata),
  new ForceReRegistration({ userId, campaignId: 'k1' }, { ...metadata, reason: '退職者対応' }),
  new RemindOfMigration({ userId, campaignId: 'k2' }, metadata),
  new ExpireLegacySetting({ userId, enforcedFrom: '2026-11-20' }, metadata),
  new ConnectOAuthAccount({ ...oauth, providerAccount, credentialRef: `tokens-${n}` }, metadata),
  new RegisterAccount(
    { userId, mailServerId: 's2', address, accountName: 'taro', credentialRef: `new-${n}`, encryption: 'ssl' },
    metadata,
  ),
  new SaveDetails({ userId, importSince: '2020-01-06', shareByDefault: n % 2 === 0 }, metadata),
  new ReleaseMailSetting({ userId, cause: 'user', onlyOfMailServer: null }, metadata),
];

type Document = Partial<LegacySettingDocument>;
function applied(document: Document, event: LegacySettingSource): Document {
  const recorded = { ...event, metadata } as unknown as RecordedEvent<LegacySettingSource>;
  const isNew = Object.keys(document).length === 0;
  return legacySettingsProjection.project(recorded).reduce<Document>((before, { set, setOnInsert, inc }) => {
    const counted = Object.entries(inc ?? {}).map(([field, by]) => {
      return [field, Number(before[field as keyof Document] ?? 0) + Number(by)] as const;
    });
    return { ...before, ...(isNew ? setOnInsert : {}), ...set, ...Object.fromEntries(counted) };
  }, document);
}

/** What the cockpit must say of a setting in this state. */
function expectedOf(state: UserMailSettingState): Document {
  switch (state.status) {
    case 'none':
      return {};
    case 'legacy':
    case 're_registration_required':
      return { stage: state.status, connected: false, takenOver: false };
    case 'authorized':
      return { connected: true, takenOver: false };
    case 'in_use':
    case 'action_required': {
      const isTakenOver = 'legacyRegisteredAt' in state.account;
      return { connected: true, takenOver: isTakenOver, ...(isTakenOver ? { stage: 'imported' } : {}) };
    }
    case 'released':
      return { connected: false };
  }
}

describe('the cockpit', () => {
  it('never contradicts the record, in whatever order things happen', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(8), { maxLength: 25 }), (choices) => {
        let state = userMailSettingDecider.initialState;
        let document: Document = {};
        for (const [n, choice] of choices.entries()) {
          for (const event of decided(commandsAt(n)[choice]!, state)) {
            state = userMailSettingDecider.evolve(state, event);
            document = applied(document, event);
          }
          expect(document).toMatchObject(expectedOf(state));
          assertWaiting(document, state);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Somebody waits for a new registration exactly as long as an old one is not released. */
function assertWaiting({ stage }: Document, state: UserMailSettingState): void {
  const predecessor = 'predecessor' in state ? state.predecessor : undefined;
  const isWaiting = stage === 'legacy' || stage === 're_registration_required';
  expect(isWaiting, `${state.status}: ${stage}`).toBe(predecessor !== undefined && !predecessor.released);
}

function decided(command: UserMailSettingCommand, state: UserMailSettingState) {
  try {
    return userMailSettingDecider.decide(command, state);
  } catch (error) {
    expect((error as { code?: string }).code).toBe('mail_setting_not_connected');
    return [];
  }
}
