import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { GatewayError } from '../../../gateways/index.js';
import { HANDS } from './mailbox-turns.js';
import { LEASE_MS, OutboxQueue, type TakenMail } from './outbox-queue.js';
import { SendMail } from './send-mail.js';

/** After a store or a search failed; the lease is given back, so that another instance may try. */
const PAUSE_MS = 5_000;

/** Takes due mails and sees to them; one that fails or hangs holds up nothing but itself. */
@Injectable()
export class OutboxSender implements OnModuleDestroy {
  private readonly logger = new Logger(OutboxSender.name);
  private readonly busy = new Set<Promise<void>>();
  private readonly ending = new AbortController();

  constructor(
    private readonly queue: OutboxQueue,
    private readonly sending: SendMail,
  ) {}

  /** Fills every free hand with a due mail, and returns without waiting for them. */
  async takeDue(): Promise<void> {
    const { signal } = this.ending;
    while (this.busy.size < HANDS && !signal.aborted) {
      const taken = await this.queue.take();
      if (taken === null) return;
      const work: Promise<void> = this.handle(taken, signal).finally(() => this.handIsFree(work));
      this.busy.add(work);
    }
  }

  /** Stops what can be stopped without doubt, and waits a little for mails already handed over. */
  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.busy);
  }

  /** The next due mail does not wait for the schedule. */
  private handIsFree(work: Promise<void>): void {
    this.busy.delete(work);
    this.takeDue().catch((error: unknown) => this.logger.error({ err: error }, 'No mail could be taken.'));
  }

  private async handle(taken: TakenMail, signal: AbortSignal): Promise<void> {
    // A failed sign of life needs no attention: the gate lets nobody through whose lease is gone.
    const heart = setInterval(() => void this.queue.renew(taken).catch(() => undefined), LEASE_MS / 3);
    try {
      const next = await this.sending.look(taken, signal);
      await (next === null ? this.queue.finish(taken) : this.queue.release(taken, next));
    } catch (error) {
      await this.giveBackAfter(error, taken);
    } finally {
      clearInterval(heart);
    }
  }

  private async giveBackAfter(error: unknown, taken: TakenMail): Promise<void> {
    const { mailId } = taken;
    const reason = error instanceof GatewayError ? { failure: error.failure } : { err: error };
    this.logger.error({ mailId, ...reason }, 'A mail could not be seen to; it is looked at again.');
    try {
      await this.queue.release(taken, new Date(Date.now() + PAUSE_MS));
    } catch (failure) {
      this.logger.error({ mailId, err: failure }, 'A mail could not be given back; its lease runs out by itself.');
    }
  }
}
