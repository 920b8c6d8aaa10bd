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

/** Takes over an account of an other server with its password, untried; it starts to receive. */
export class TakeOverAccount extends Command<SettingChange> {
  constructor(
    readonly data: Omit<ImportAccount['data'], 'credentialRef'> & { readonly password: string; readonly host: string },
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

/** Keeps the password first, then puts the decision on the record; a password that no event names goes again. */
@CommandHandler(TakeOverAccount)
export class TakeOverAccountHandler implements ICommandHandler<TakeOverAccount> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly keeper: CredentialKeeper,
  ) {}

  async execute({ data, metadata }: TakeOverAccount): Promise<SettingChange> {
    const { password, host, ...account } = data;
    const { company } = metadata;
    const stream = userMailSettingStream(company, data.userId);
    const { state } = await this.runner.load(userMailSettingDecider, stream);
    if (state.status !== 'none') return { position: null };
    return this.keeper.keepFor({ company, stream, secret: { password, host } }, async (credentialRef) =>
      decideOn(this.runner, new ImportAccount({ ...account, credentialRef }, metadata)),
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
