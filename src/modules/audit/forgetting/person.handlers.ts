import { Rejection } from '@libs/eventsourcing';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { ErasePerson } from './person.commands.js';
import { personDecider } from './person.decider.js';
import { personStream } from './person.events.js';

@CommandHandler(ErasePerson)
export class ErasePersonHandler implements ICommandHandler<ErasePerson> {
  constructor(private readonly runner: DeciderRunner) {}

  /** Answers when the person is forgotten, or when that takes long: the decision stands, and the work goes on. */
  async execute(command: ErasePerson): Promise<void> {
    const { metadata, data } = command;
    try {
      await this.runner.run(personDecider, personStream(metadata.company, data.userId), command);
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'effect_not_visible') throw error;
    }
  }
}
