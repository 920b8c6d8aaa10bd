import { type CommandMetadata } from '@libs/eventsourcing';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CredentialKeeper } from '../../platform/credential-keeping/index.js';
import { DeciderRunner } from '../../platform/event-store/index.js';
import { checkIfMatch } from '../../platform/http/index.js';
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
    private readonly keeper: CredentialKeeper,
    private readonly servers: MailServerRecord,
  ) {}

  async execute({ data, metadata, ifMatch }: ConnectAccount): Promise<void> {
    const { password, ...account } = data;
    refuseForeignName(account);
    const { company } = metadata;
    const { encryption, host } = await this.trial.mustSucceed(company, data);
    const stream = userMailSettingStream(company, data.userId);
    await this.keeper.keepFor({ company, stream, secret: { password, host } }, async (credentialRef) => {
      const register = new RegisterAccount({ ...account, credentialRef, encryption }, metadata);
      return this.runner.run(userMailSettingDecider, stream, register, { guard: guardOf(ifMatch) });
    });
    await this.releaseIfServerWent(data, metadata);
  }

  /** A server that was deleted while the account was tried has let its users go before this one was among them. */
  private async releaseIfServerWent(
    { userId, mailServerId }: ConnectAccount['data'],
    metadata: CommandMetadata,
  ): Promise<void> {
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
