import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeciderRunner } from '../../platform/event-store/index.js';
import { checkIfMatch } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import { CredentialVault } from '../../platform/security/index.js';
import { MailServerRecord } from '../mail-server/index.js';
import { isAccountNameAllowed } from './account-name.policy.js';
import { AccountTrial } from './account-trial.js';
import {
  ConnectAccount,
  RegisterAccount,
  ReleaseMailSetting,
  RequireAction,
  SaveDetails,
  type UserMailSettingCommand,
} from './user-mail-setting.commands.js';
import { userMailSettingDecider, type UserMailSettingState } from './user-mail-setting.decider.js';
import { reject } from './user-mail-setting.errors.js';
import { userMailSettingStream } from './user-mail-setting.events.js';

/** Tries the account first, then keeps the password, then puts the decision on the record. */
@CommandHandler(ConnectAccount)
export class ConnectAccountHandler implements ICommandHandler<ConnectAccount> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly trial: AccountTrial,
    private readonly vault: CredentialVault,
    private readonly servers: MailServerRecord,
  ) {}

  async execute({ data, metadata, ifMatch }: ConnectAccount): Promise<void> {
    const { password, ...account } = data;
    refuseForeignName(account);
    const { encryption, host } = await this.trial.mustSucceed(metadata.company, data);
    const credentialRef = newId();
    await this.vault.put(metadata.company, credentialRef, { password, host });
    const register = new RegisterAccount({ ...account, credentialRef, encryption }, metadata);
    const stream = userMailSettingStream(metadata.company, data.userId);
    try {
      await this.runner.run(userMailSettingDecider, stream, register, { guard: guardOf(ifMatch) });
    } catch (error) {
      // Only what no event names may go: where the append's fate is unknown, the event may be there.
      const { state } = await this.runner.load(userMailSettingDecider, stream);
      if (!('account' in state) || state.account.credentialRef !== credentialRef) {
        await this.vault.destroy(metadata.company, credentialRef);
      }
      throw error;
    }
    await this.releaseIfServerWent(register);
  }

  /** A server that was deleted while the account was tried has let its users go before this one was among them. */
  private async releaseIfServerWent({ data, metadata }: RegisterAccount): Promise<void> {
    const { userId, mailServerId } = data;
    const server = await this.servers.current(metadata.company, mailServerId);
    if (server.status === 'registered') return;
    const release = new ReleaseMailSetting(
      { userId, cause: 'mail_server_deleted', onlyOfMailServer: mailServerId },
      metadata,
    );
    await this.runner.run(userMailSettingDecider, userMailSettingStream(metadata.company, userId), release);
    throw reject('mail_server_unknown', {}, { field: 'mailServerId' });
  }
}

/** Before the server is asked anything: a name that is not the user's own is nobody's to try. */
function refuseForeignName({ accountName, address }: { readonly accountName: string; readonly address: string }): void {
  if (isAccountNameAllowed(accountName, address)) return;
  const localPart = address.slice(0, Math.max(0, address.lastIndexOf('@')));
  throw reject('account_name_not_allowed', { address, localPart }, { field: 'accountName' });
}

const guardOf =
  (ifMatch: string | null | undefined) =>
  (_state: UserMailSettingState, revision: number | null): void =>
    checkIfMatch(ifMatch ?? null, revision);

/** Commands that need nothing but the decision. */
abstract class Deciding<Command extends UserMailSettingCommand & { readonly ifMatch?: string | null }> {
  constructor(private readonly runner: DeciderRunner) {}

  async execute(command: Command): Promise<void> {
    const stream = userMailSettingStream(command.metadata.company, command.data.userId);
    await this.runner.run(userMailSettingDecider, stream, command, { guard: guardOf(command.ifMatch) });
  }
}

@CommandHandler(SaveDetails)
export class SaveDetailsHandler extends Deciding<SaveDetails> implements ICommandHandler<SaveDetails> {
  constructor(runner: DeciderRunner) {
    super(runner);
  }
}

@CommandHandler(RequireAction)
export class RequireActionHandler extends Deciding<RequireAction> implements ICommandHandler<RequireAction> {
  constructor(runner: DeciderRunner) {
    super(runner);
  }
}

@CommandHandler(ReleaseMailSetting)
export class ReleaseMailSettingHandler
  extends Deciding<ReleaseMailSetting>
  implements ICommandHandler<ReleaseMailSetting>
{
  constructor(runner: DeciderRunner) {
    super(runner);
  }
}

export const userMailSettingHandlers = [
  ConnectAccountHandler,
  SaveDetailsHandler,
  RequireActionHandler,
  ReleaseMailSettingHandler,
];
