import { type CommandMetadata } from '@libs/eventsourcing';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import {
  type RefusedAttempt,
  RefusedAttempts,
  type RefusedAttemptsRecorder,
} from '../../../platform/audit-trail/index.js';
import { DeciderRunner } from '../../../platform/event-store/index.js';
import { isPersonForgotten } from '../../../platform/security/index.js';
import { type Tally, RefusalTally } from './refusal-tally.js';
import { RecordRefusal, refusedAttemptsDecider } from './refused-attempts.decider.js';
import { refusedAttemptsStream } from './refused-attempts.events.js';

/** Puts refused attempts on the record, one append after the other, beside the requests and never in their way. */
@Injectable()
export class RefusalRecorder implements RefusedAttemptsRecorder, BeforeApplicationShutdown {
  private readonly logger = new Logger('RefusedAttempts');
  private readonly tally = new RefusalTally();
  private appending: Promise<void> = Promise.resolve();

  constructor(
    private readonly runner: DeciderRunner,
    attempts: RefusedAttempts,
  ) {
    attempts.register(this);
  }

  record(attempt: RefusedAttempt): void {
    const tally = this.tally.add(attempt, Date.now());
    if (tally) this.enqueue(tally);
  }

  /** Puts on the record what was only counted; for a job that runs every minute or so. */
  async recordCounted(now = Date.now()): Promise<void> {
    for (const tally of this.tally.close(now)) this.enqueue(tally);
    await this.appending;
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const tally of this.tally.close(Date.now(), true)) this.enqueue(tally);
    await this.appending;
  }

  private enqueue(tally: Tally): void {
    this.appending = this.appending.then(async () => this.append(tally));
  }

  private async append(tally: Tally): Promise<void> {
    const { metadata } = tally.first;
    try {
      await this.appendAs(metadata, tally);
    } catch (error) {
      // Who was forgotten can leave no name any more; what was tried is on the record all the same.
      if (isPersonForgotten(error)) {
        await this.appendAs({ ...metadata, actor: NAMELESS }, tally).catch((again: unknown) => this.lost(again));
      } else {
        this.lost(error);
      }
    }
  }

  private async appendAs(metadata: CommandMetadata, { userId, code, attempt, count }: Tally): Promise<void> {
    const stream = refusedAttemptsStream(metadata.company, metadata.at.slice(0, 10));
    const command = new RecordRefusal({ userId, code, attempt, count }, metadata);
    await this.runner.run(refusedAttemptsDecider, stream, command, { memory: 'last', awaitEffect: false });
  }

  private lost(error: unknown): void {
    this.logger.error({ error }, 'A refused attempt could not be put on the record.');
  }
}

const NAMELESS = { kind: 'system', name: 'refusals' } as const;
