import { fold } from '@libs/eventsourcing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { legacyMetadata as metadata } from '../../../test/support/legacy-commands.js';
import { type CredentialKeeper } from '../../platform/credential-keeping/index.js';
import { type DeciderRunner } from '../../platform/event-store/index.js';
import { type ImportAccount } from './legacy-setting.commands.js';
import { TakeOverAccount, TakeOverAccountHandler } from './legacy-setting.handlers.js';
import { userMailSettingDecider } from './user-mail-setting.decider.js';
import { type UserMailSettingEvent } from './user-mail-setting.events.js';

describe('taking over an account', () => {
  let past: UserMailSettingEvent[];
  const mailServer = vi.fn(async () => 's1');
  const kept = vi.fn();

  /** The handler on one person's history, which is all that its runner knows. */
  const takeOver = async (accountName: string) => {
    const runner = {
      load: async () => ({ state: fold(userMailSettingDecider, past) }),
      run: async (_: object, __: string, command: ImportAccount) => {
        past.push(...userMailSettingDecider.decide(command, fold(userMailSettingDecider, past)));
        return { position: 'p1' };
      },
    };
    const keeper = {
      keepFor: async ({ secret }: { secret: object }, use: (ref: string) => Promise<object>) => {
        kept(secret);
        return use('ref');
      },
    };
    const handler = new TakeOverAccountHandler(
      runner as unknown as DeciderRunner,
      keeper as unknown as CredentialKeeper,
    );
    return handler.execute(
      new TakeOverAccount(
        {
          ...{ userId: 'taro', address: 'taro@sample.example', accountName, registeredAt: '2019-04-01T00:00:00.000Z' },
          ...{ importSince: null, shareByDefault: true, security: 'ssl', host: 'imap.example', password: 'secret' },
          mailServer,
        },
        metadata,
      ),
    );
  };
  beforeEach(() => {
    past = [];
    vi.clearAllMocks();
  });

  it('asks for its mail server and keeps its password once, however often it is asked for', async () => {
    expect(await takeOver('taro')).toEqual({ position: 'p1' });
    expect(past).toMatchObject([{ type: 'AccountRegistered', data: { mailServerId: 's1', credentialRef: 'ref' } }, {}]);
    expect(await takeOver('taro')).toEqual({ position: null });
    expect([mailServer, kept].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it('registers no mail server and keeps no password for an account that is refused', async () => {
    await expect(takeOver('somebody else')).rejects.toMatchObject({ code: 'account_name_not_allowed' });
    expect([mailServer, kept].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  });
});
