import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { checkIfMatch } from '../../../platform/http/index.js';
import { Scheduler } from '../../../platform/scheduling/index.js';
import { AGING_JOB } from './aging.js';
import { DecideRetention } from './retention.commands.js';
import { retentionDecider } from './retention.decider.js';
import { retentionStream } from './retention.events.js';

@CommandHandler(DecideRetention)
export class DecideRetentionHandler implements ICommandHandler<DecideRetention> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly scheduler: Scheduler,
  ) {}

  /** What is over the new age goes at once, beside the answer. */
  async execute(command: DecideRetention): Promise<void> {
    await this.runner.run(retentionDecider, retentionStream(command.metadata.company), command, {
      guard: (_state, revision) => checkIfMatch(command.ifMatch, revision ?? 'none'),
    });
    this.scheduler.wake(AGING_JOB);
  }
}
