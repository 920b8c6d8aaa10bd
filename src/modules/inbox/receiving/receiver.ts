import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GatewayError } from '../../../gateways/gateway.errors.js';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { newId } from '../../../platform/ids.js';
import { RequireAction } from '../../user-mail-setting/index.js';
import { consequenceOf } from './failure.policy.js';
import { LostMailbox } from './lost-mailbox.js';
import { LEASE_MS, MailboxQueue, type TakenMailbox } from './mailbox-queue.js';
import { MailboxOpener, type OpenMailbox } from './open-mailbox.js';
import { type CursorHint, ReceiveMailbox } from './receive-mailbox.js';

/** Mailboxes that one instance works on at the same time. */
const HANDS = 8;

/** Takes due mailboxes and looks into them; one that fails or hangs holds up nothing but itself. */
@Injectable()
export class Receiver implements OnModuleDestroy {
  private readonly logger = new Logger(Receiver.name);
  private readonly busy = new Set<Promise<void>>();
  private readonly ending = new AbortController();

  constructor(
    private readonly queue: MailboxQueue,
    private readonly opener: MailboxOpener,
    private readonly receiving: ReceiveMailbox,
    private readonly commands: CommandBus,
    @InjectConfig() private readonly config: AppConfig,
  ) {}

  /** Fills every free hand with a due mailbox, and returns without waiting for the looks to end. */
  async takeDue(): Promise<void> {
    const { signal } = this.ending;
    while (this.busy.size < HANDS && !signal.aborted) {
      const taken = await this.queue.take();
      if (taken === null) return;
      const work: Promise<void> = this.handle(taken, signal).finally(() => this.busy.delete(work));
      this.busy.add(work);
    }
  }

  /** Ends every look at its next batch and gives the mailboxes back, so that another instance goes on at once. */
  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.busy);
  }

  private async handle(taken: TakenMailbox, signal: AbortSignal): Promise<void> {
    const heart = setInterval(() => void this.queue.renew(taken).catch(() => undefined), LEASE_MS / 3);
    try {
      await this.lookInto(taken, signal);
    } catch (error) {
      await this.giveBackAfter(error, taken, signal);
    } finally {
      clearInterval(heart);
    }
  }

  private async lookInto(taken: TakenMailbox, signal: AbortSignal): Promise<void> {
    const { company, userId } = taken;
    const opening = await this.opener.open(company, userId);
    switch (opening.kind) {
      case 'not_in_use':
        return this.queue.deactivate(company, userId);
      case 'incomplete':
        return this.fail(taken, { problem: 'mail_server_missing', retryInMs: 600_000 });
      case 'open':
        return this.lookAt(opening.mailbox, taken, signal);
    }
  }

  private async lookAt(mailbox: OpenMailbox, taken: TakenMailbox, signal: AbortSignal): Promise<void> {
    const stillOurs = async () => {
      if (signal.aborted || !(await this.queue.renew(taken))) throw new LostMailbox();
    };
    try {
      const hint: CursorHint | null = await this.receiving.look(mailbox, {
        hint: taken.hint ?? null,
        signal,
        stillOurs,
      });
      await this.queue.succeed(taken, this.nextLook(), hint);
    } catch (error) {
      if (error instanceof GatewayError) return this.afterFailure(error, mailbox, taken);
      throw error;
    }
  }

  private async afterFailure(error: GatewayError, mailbox: OpenMailbox, taken: TakenMailbox): Promise<void> {
    const { failure } = error;
    if (failure.kind === 'CursorInvalid') {
      await this.receiving.resetCursor(mailbox, failure.reason);
      return this.queue.fail(taken, new Date(), null);
    }
    const consequence = consequenceOf(failure, taken.failure?.count ?? 0);
    this.logger.warn({ company: taken.company, userId: taken.userId, failure: failure.kind }, consequence.problem);
    await this.fail(taken, consequence);
    if (consequence.requiresAction) await this.requireAction(mailbox, consequence.problem);
  }

  private async requireAction({ company, userId, credentialRef }: OpenMailbox, code: string): Promise<void> {
    const correlationId = newId();
    await this.commands.execute(
      new RequireAction(
        { userId, code, fixableBy: 'user', credentialRef },
        {
          company,
          actor: { kind: 'system', name: 'receiving' },
          at: new Date().toISOString(),
          correlationId,
          causationId: correlationId,
          reason: 'The mail server refused the login three times in a row.',
        },
      ),
    );
  }

  private async fail(
    taken: TakenMailbox,
    { problem, retryInMs }: { problem: NonNullable<TakenMailbox['failure']>['code']; retryInMs: number },
  ): Promise<void> {
    const before = taken.failure;
    const since = before?.code === problem ? before.since : new Date().toISOString();
    const failure = { code: problem, since, count: (before?.count ?? 0) + 1 };
    await this.queue.fail(taken, new Date(Date.now() + retryInMs), failure);
  }

  /** Whatever is no failure of the mail system: lost to another instance, shut down, or a fault of our own. */
  private async giveBackAfter(error: unknown, taken: TakenMailbox, signal: AbortSignal): Promise<void> {
    const ours = !(error instanceof LostMailbox) && !signal.aborted;
    if (ours)
      this.logger.error({ company: taken.company, userId: taken.userId, error }, 'A mailbox could not be read.');
    try {
      if (ours) await this.fail(taken, { problem: 'mailbox_read_failed', retryInMs: 30_000 });
      else await this.queue.fail(taken, new Date(), taken.failure);
    } catch (storeError) {
      this.logger.error({ error: storeError }, 'The mailbox could not be given back; its lease runs out by itself.');
    }
  }

  /** One interval from now, give or take a tenth, so that mailboxes connected together do not stay together. */
  private nextLook(): Date {
    const interval = this.config.mail.pollIntervalSeconds * 1_000;
    return new Date(Date.now() + interval * (0.9 + Math.random() * 0.2));
  }
}
