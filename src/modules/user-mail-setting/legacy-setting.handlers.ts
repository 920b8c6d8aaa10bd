import { type CommandMetadata, type Position } from '@libs/eventsourcing';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CredentialKeeper } from '../../platform/credential-keeping/index.js';
import { DeciderRunner } from '../../platform/event-store/index.js';
import {
  ExpireLegacySetting,
  ForceReRegistration,
  ImportAccount,
  ImportLegacySetting,
  type LegacySettingCommand,
  RemindOfMigration,
} from './legacy-setting.commands.js';
import { userMailSettingDecider } from './user-mail-setting.decider.js';
import { userMailSettingStream } from './user-mail-setting.events.js';

/**
 * What a command has changed. These commands come by the thousand, so they do not wait for their effect to be seen:
 * whoever sends them waits once, for the last position.
 */
export interface SettingChange {
  /** null: nothing was changed. */
  readonly position: Position | null;
}

type AccountToTakeOver = Omit<ImportAccount['data'], 'credentialRef' | 'mailServerId'> & {
  readonly password: string;
  readonly host: string;
  /** The id of its mail server. Asked for only where the account is taken over: the server may have to be registered. */
  mailServer(this: void): Promise<string>;
};

/** Takes over an account of an other server with its password, untried; it starts to receive. */
export class TakeOverAccount extends Command<SettingChange> {
  constructor(
    readonly data: AccountToTakeOver,
    readonly metadata: CommandMetadata,
  ) {
    super();
  }
}

async function decideOn(runner: DeciderRunner, command: LegacySettingCommand): Promise<SettingChange> {
  const stream = userMailSettingStream(command.metadata.company, command.data.userId);
  // Nearly all who are taken over are new, and reading that there is nothing costs more than the append.
  const memory = isTakeOver(command) ? 'none' : 'all';
  const { position } = await runner.run(userMailSettingDecider, stream, command, { awaitEffect: false, memory });
  return { position };
}

const isTakeOver = ({ type }: LegacySettingCommand): boolean =>
  type === 'ImportLegacySetting' || type === 'ImportAccount';

/** Commands that need nothing but the decision. */
abstract class Deciding<Command extends LegacySettingCommand> {
  constructor(private readonly runner: DeciderRunner) {}

  async execute(command: Command): Promise<SettingChange> {
    return decideOn(this.runner, command);
  }
}

@CommandHandler(ImportLegacySetting)
export class ImportLegacySettingHandler
  extends Deciding<ImportLegacySetting>
  implements ICommandHandler<ImportLegacySetting>
{
  constructor(runner: DeciderRunner) {
    super(runner);
  }
}

@CommandHandler(ForceReRegistration)
export class ForceReRegistrationHandler
  extends Deciding<ForceReRegistration>
  implements ICommandHandler<ForceReRegistration>
{
  constructor(runner: DeciderRunner) {
    super(runner);
  }
}

@CommandHandler(RemindOfMigration)
export class RemindOfMigrationHandler
  extends Deciding<RemindOfMigration>
  implements ICommandHandler<RemindOfMigration>
{
  constructor(runner: DeciderRunner) {
    super(runner);
  }
}

@CommandHandler(ExpireLegacySetting)
export class ExpireLegacySettingHandler
  extends Deciding<ExpireLegacySetting>
  implements ICommandHandler<ExpireLegacySetting>
{
  constructor(runner: DeciderRunner) {
    super(runner);
  }
}

/**
 * Looks first whether there is anything to take over: who has a setting, or may not have this one, gets no mail server
 * registered and no password kept. Then keeps the password, and puts the decision on the record; a password that no event
 * names goes again.
 */
@CommandHandler(TakeOverAccount)
export class TakeOverAccountHandler implements ICommandHandler<TakeOverAccount> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly keeper: CredentialKeeper,
  ) {}

  async execute({ data, metadata }: TakeOverAccount): Promise<SettingChange> {
    const { password, host, mailServer, ...account } = data;
    const { company } = metadata;
    const stream = userMailSettingStream(company, data.userId);
    const { state } = await this.runner.load(userMailSettingDecider, stream);
    const taking = (mailServerId: string, credentialRef: string) =>
      new ImportAccount({ ...account, mailServerId, credentialRef }, metadata);
    if (userMailSettingDecider.decide(taking('', ''), state).length === 0) return { position: null };
    const mailServerId = await mailServer();
    return this.keeper.keepFor({ company, stream, secret: { password, host } }, async (credentialRef) =>
      decideOn(this.runner, taking(mailServerId, credentialRef)),
    );
  }
}

export const legacySettingHandlers = [
  ImportLegacySettingHandler,
  ForceReRegistrationHandler,
  RemindOfMigrationHandler,
  ExpireLegacySettingHandler,
  TakeOverAccountHandler,
];
