import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GatewayError, type GatewayFailure } from '../../../gateways/gateway.errors.js';
import { type AppConfig, InjectConfig } from '../../../platform/config/index.js';
import { newId } from '../../../platform/ids.js';
import { type MailboxProblemCode, mailboxProblems, RequireAction } from '../../user-mail-setting/index.js';
import { consequenceOf } from './failure.policy.js';
import { LostMailbox } from './lost-mailbox.js';
import { LEASE_MS, MailboxQueue, type TakenMailbox } from './mailbox-queue.js';
import { MailboxOpener, type OpenMailbox } from './open-mailbox.js';
import { ReceiveMailbox } from './receive-mailbox.js';
import { ReceivingMetrics } from './receiving-metrics.js';

/** How a look fits in with the others of this instance. */
export interface LookOptions {
  readonly signal: AbortSignal;
  /** Whether there is a connection to be had to this server. */
  readonly settle: (endpoint: string | null) => boolean;
  /** Told whether the server answered, whatever the answer. */
  readonly heard: (endpoint: string | null, answered: boolean) => void;
  readonly yields: () => boolean;
}

const SERVER_MISSING_RETRY_MS = 600_000;
const OWN_FAULT_RETRY_MS = 30_000;

/** Looks into one taken mailbox, and gives it back with what came of it. */
@Injectable()
export class MailboxLook {
  private readonly logger = new Logger(MailboxLook.name);

  constructor(
    private readonly queue: MailboxQueue,
    private readonly opener: MailboxOpener,
    private readonly receiving: ReceiveMailbox,
    private readonly commands: CommandBus,
    private readonly metrics: ReceivingMetrics,
    @InjectConfig() private readonly config: AppConfig,
  ) {}

  /** Rejects only when the mailbox cannot be given back; its lease then runs out by itself. */
  async at(taken: TakenMailbox, options: LookOptions): Promise<void> {
    const heart = setInterval(() => void this.queue.renew(taken).catch(() => undefined), LEASE_MS / 3);
    try {
      await this.open(taken, options);
    } catch (error) {
      await this.giveBackAfter(error, taken, options.signal);
    } finally {
      clearInterval(heart);
    }
  }

  private async open(taken: TakenMailbox, options: LookOptions): Promise<void> {
    const { company, userId } = taken;
    const opening = await this.opener.open(company, userId);
    switch (opening.kind) {
      case 'not_in_use':
        return this.queue.retire(taken);
      case 'incomplete':
        return this.fail(taken, 'mail_server_missing', SERVER_MISSING_RETRY_MS);
      case 'host_changed':
        await this.requireAction(taken, opening.credentialRef, 'mail_server_changed', HOST_CHANGED);
        return this.fail(taken, 'mail_server_changed', SERVER_MISSING_RETRY_MS);
      case 'open':
        return this.look(opening.mailbox, taken, options);
    }
  }

  private async look(mailbox: OpenMailbox, taken: TakenMailbox, options: LookOptions): Promise<void> {
    const { endpoint } = mailbox;
    if (!options.settle(endpoint)) return this.queue.putBack(taken, endpoint);
    const { signal, yields } = options;
    try {
      const look = await this.receiving.look(mailbox, {
        hint: taken.hint ?? null,
        signal,
        yields,
        stillOurs: async () => {
          if (signal.aborted || !(await this.queue.renew(taken))) throw new LostMailbox();
        },
        onBatch: async (batch) => {
          this.metrics.batchIn(batch);
          await this.queue.progressed(taken);
        },
      });
      options.heard(endpoint, true);
      this.metrics.looked(look.finished ? 'finished' : 'made_place');
      if (!look.finished) return await this.queue.putBack(taken, endpoint);
      await this.queue.succeed(taken, { dueAt: this.nextLook(), hint: look.hint, endpoint });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (!signal.aborted) options.heard(endpoint, error.failure.kind !== 'Unavailable');
      await this.afterFailure(error.failure, mailbox, taken, signal);
    }
  }

  private async afterFailure(
    failure: GatewayFailure,
    mailbox: OpenMailbox,
    taken: TakenMailbox,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) throw new LostMailbox();
    if (failure.kind === 'CursorInvalid') {
      await this.receiving.resetCursor(mailbox, failure.reason);
      this.metrics.looked('cursor_reset');
      return this.queue.fail(taken, new Date(), null);
    }
    if (failure.kind === 'RateLimited' && failure.paced) {
      this.metrics.looked('paced');
      return this.queue.fail(taken, new Date(Date.now() + failure.retryAfterMs), null);
    }
    const { problem, retryInMs, requiresAction } = consequenceOf(failure, taken.failure?.count ?? 0);
    this.logger.warn({ company: taken.company, userId: taken.userId, failure: failure.kind }, problem);
    await this.fail(taken, problem, retryInMs);
    if (requiresAction) await this.requireAction(taken, mailbox.credentialRef, problem, reasonOf(failure));
  }

  private async requireAction(
    { company, userId }: TakenMailbox,
    credentialRef: string,
    code: MailboxProblemCode,
    reason: string,
  ): Promise<void> {
    const correlationId = newId();
    const at = new Date().toISOString();
    const actor = { kind: 'system', name: 'receiving' } as const;
    const metadata = { company, actor, at, correlationId, causationId: correlationId, reason };
    await this.commands.execute(
      new RequireAction({ userId, code, fixableBy: mailboxProblems[code].fixableBy, credentialRef }, metadata),
    );
  }

  private async fail(taken: TakenMailbox, problem: MailboxProblemCode, retryInMs: number): Promise<void> {
    const before = taken.failure;
    const since = before?.code === problem ? before.since : new Date().toISOString();
    const failure = { code: problem, since, count: (before?.count ?? 0) + 1 };
    this.metrics.looked(problem);
    await this.queue.fail(taken, new Date(Date.now() + retryInMs), failure);
  }

  /** Whatever is no failure of the mail system: lost to another instance, shut down, or a fault of our own. */
  private async giveBackAfter(error: unknown, taken: TakenMailbox, signal: AbortSignal): Promise<void> {
    if (error instanceof LostMailbox || signal.aborted) {
      this.metrics.looked('given_up');
      return this.queue.fail(taken, new Date(), taken.failure);
    }
    this.logger.error({ company: taken.company, userId: taken.userId, error }, 'A mailbox could not be read.');
    await this.fail(taken, 'mailbox_read_failed', OWN_FAULT_RETRY_MS);
  }

  /** One interval from now, give or take a tenth, so that mailboxes connected together do not stay together. */
  private nextLook(): Date {
    const interval = this.config.mail.pollIntervalSeconds * 1_000;
    return new Date(Date.now() + interval * (0.9 + Math.random() * 0.2));
  }
}

/** For the record: what happened, without what the provider wrote. */
function reasonOf(failure: GatewayFailure): string {
  return failure.kind === 'AuthorizationLost' && failure.remedy !== undefined
    ? `The provider refused access: ${failure.detail}.`
    : 'The mail server refused the login three times in a row.';
}
const HOST_CHANGED = 'The host of the mail server was changed; the user has not entrusted it with the password.';
