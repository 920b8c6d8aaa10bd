import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DeciderRunner } from '../../platform/event-store/index.js';
import { checkIfMatch } from '../../platform/http/index.js';
import { SubmitMailHandler } from './composing/submit-mail.handler.js';
import { AskForRetry, CancelMail, DecideOutcome, RetryMail } from './outbox.commands.js';
import { outboxDecider } from './outbox.decider.js';
import { outboxMailStream } from './outbox.events.js';
import { OutgoingRoute } from './routing/outgoing-route.js';

@CommandHandler(AskForRetry)
export class AskForRetryHandler implements ICommandHandler<AskForRetry> {
  constructor(
    private readonly runner: DeciderRunner,
    private readonly routes: OutgoingRoute,
  ) {}

  async execute({ data, metadata, ifMatch }: AskForRetry): Promise<void> {
    const presentRoute = await this.routes.of(metadata.company, data.userId);
    const command = new RetryMail({ ...data, presentRoute }, metadata);
    await this.runner.run(outboxDecider, outboxMailStream(metadata.company, data.mailId), command, {
      guard: (_state, revision) => checkIfMatch(ifMatch, revision),
    });
  }
}

@CommandHandler(CancelMail)
export class CancelMailHandler implements ICommandHandler<CancelMail> {
  constructor(private readonly runner: DeciderRunner) {}

  async execute(command: CancelMail): Promise<void> {
    const stream = outboxMailStream(command.metadata.company, command.data.mailId);
    await this.runner.run(outboxDecider, stream, command, {
      guard: (_state, revision) => checkIfMatch(command.ifMatch, revision),
    });
  }
}

@CommandHandler(DecideOutcome)
export class DecideOutcomeHandler implements ICommandHandler<DecideOutcome> {
  constructor(private readonly runner: DeciderRunner) {}

  async execute(command: DecideOutcome): Promise<void> {
    const stream = outboxMailStream(command.metadata.company, command.data.mailId);
    await this.runner.run(outboxDecider, stream, command, {
      guard: (_state, revision) => checkIfMatch(command.ifMatch, revision),
    });
  }
}

export const outboxHandlers = [SubmitMailHandler, AskForRetryHandler, CancelMailHandler, DecideOutcomeHandler];
