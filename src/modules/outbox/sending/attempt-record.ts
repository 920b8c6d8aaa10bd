import { Injectable, Logger } from '@nestjs/common';
import { type CommandMetadata } from '@libs/eventsourcing';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { newId } from '../../../platform/ids.js';
import { isPersonForgotten } from '../../../platform/security/index.js';
import {
  type OutboxCommand,
  RecordAcceptance,
  RecordFailure,
  RecordSender,
  RecordUncertainty,
  StartSending,
} from '../outbox.commands.js';
import { outboxDecider, type OutboxMailState } from '../outbox.decider.js';
import { outboxMailStream, type Refused } from '../outbox.events.js';
import { type SendingProblemCode } from '../sending-problems.errors.js';

/** An attempt at one mail. */
export interface Attempt {
  readonly company: string;
  readonly userId: string;
  readonly mailId: string;
  readonly attempt: number;
}

const LONGEST_PAUSE_MS = 5_000;

/** Puts on the record how attempts begin and end. */
@Injectable()
export class AttemptRecord {
  private readonly logger = new Logger(AttemptRecord.name);

  constructor(private readonly runner: DeciderRunner) {}

  /** The mail as the record has it this moment. */
  async current(company: string, mailId: string): Promise<OutboxMailState> {
    return (await this.runner.load(outboxDecider, outboxMailStream(company, mailId))).state;
  }

  /** False: it has begun already, or may not begin any more. */
  async start(attempt: Attempt): Promise<boolean> {
    const { events } = await this.decide(attempt, (data, metadata) => new StartSending(data, metadata));
    return events.length > 0;
  }

  /** The following insist: what is known about a mail handed over must not be lost to a store that is away. */

  async accepted(
    attempt: Attempt,
    outcome: {
      readonly refused: readonly Refused[];
      readonly sentAs: string | null;
      readonly foundInSent: boolean;
      readonly retryAt: Date | null;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const retryAt = outcome.retryAt?.toISOString() ?? null;
    const recordWith = async (sentAs: string | null): Promise<void> =>
      this.insist(
        attempt,
        signal,
        (data, metadata) => new RecordAcceptance({ ...data, ...outcome, sentAs, retryAt }, metadata),
      );
    try {
      await recordWith(outcome.sentAs);
    } catch (error) {
      if (!isPersonForgotten(error)) throw error;
      // From which address it left, nobody may know any more; that it left, stays.
      await recordWith(null);
    }
  }

  /** From which address an accepted mail went out, where that was not known when it was accepted. */
  async sender(attempt: Attempt, sentAs: string, signal: AbortSignal): Promise<void> {
    const { userId, mailId } = attempt;
    try {
      await this.insist(attempt, signal, (_data, metadata) => new RecordSender({ userId, mailId, sentAs }, metadata));
    } catch (error) {
      if (!isPersonForgotten(error)) throw error; // nobody may know any more
    }
  }

  async failed(
    attempt: Attempt,
    outcome: { readonly code: SendingProblemCode; readonly refused: readonly Refused[]; readonly retryAt: Date | null },
    signal: AbortSignal,
  ): Promise<void> {
    const { code, refused } = outcome;
    const retryAt = outcome.retryAt?.toISOString() ?? null;
    await this.insist(
      attempt,
      signal,
      (data, metadata) => new RecordFailure({ ...data, code, refused, retryAt }, metadata),
    );
  }

  async uncertain(attempt: Attempt, signal: AbortSignal): Promise<void> {
    const code: SendingProblemCode = 'sending_outcome_unknown';
    await this.insist(attempt, signal, (data, metadata) => new RecordUncertainty({ ...data, code }, metadata));
  }

  private async insist(attempt: Attempt, signal: AbortSignal, command: MakeCommand): Promise<void> {
    for (let pause = 100; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        await this.decide(attempt, command);
        return;
      } catch (error) {
        if (signal.aborted || isPersonForgotten(error)) throw error;
        this.logger.error(
          { mailId: attempt.mailId, err: error },
          'The outcome of an attempt could not be recorded yet.',
        );
        await sleep(pause, undefined, { signal }).catch(() => undefined); // woken by the end of the service
      }
    }
  }

  private async decide({ company, ...data }: Attempt, command: MakeCommand) {
    const correlationId = newId();
    const metadata: CommandMetadata = {
      company,
      actor: { kind: 'system', name: 'sending' },
      at: new Date().toISOString(),
      correlationId,
      causationId: correlationId,
    };
    const stream = outboxMailStream(company, data.mailId);
    return this.runner.run(outboxDecider, stream, command(data, metadata), { awaitEffect: false });
  }
}

type MakeCommand = (data: Omit<Attempt, 'company'>, metadata: CommandMetadata) => OutboxCommand;
