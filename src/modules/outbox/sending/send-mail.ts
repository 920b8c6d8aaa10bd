import { Injectable } from '@nestjs/common';
import { type GatewayFailure, type MailSender, type SendOutcome, type SentSearch } from '../../../gateways/index.js';
import { ReturnPaths } from '../bounces/return-paths.js';
import { KeptMails } from '../composing/kept-mails.js';
import { type OutboxMailState } from '../outbox.decider.js';
import { type Refused } from '../outbox.events.js';
import { Senders } from '../routing/senders.js';
import { attemptOf, failureIn, inMs, placeOf } from './attempt.js';
import { type Attempt, AttemptRecord } from './attempt-record.js';
import { CompanyPace, type Room } from './company-pace.js';
import { MailboxTurns } from './mailbox-turns.js';
import { LEASE_MS, OutboxQueue, type TakenMail } from './outbox-queue.js';
import { consequenceOf } from './retry.policy.js';
import { SEARCH_AGAIN_MS, searchAgainIn } from './search.policy.js';
import { FIRST_LOOK_MS, SenderLook } from './sender-look.js';

/** When the mail is to be looked at again; null: there is nothing more to do. */
type NextLook = Date | null;

type Queued = Extract<OutboxMailState, { status: 'queued' }>;
type Sending = Extract<OutboxMailState, { status: 'sending' }>;

/**
 * Only a search that begins this long after the gate can tell that nothing was sent: a request lasts a minute at most,
 * and providers file what they have sent within moments; two minutes for that, and for clocks that differ.
 */
const FILED_BY_THEN_MS = 180_000;
/**
 * One look at a mail that is due (architecture, "Life of a sent mail"). The attempt is on the record before the
 * provider is called, and it passes a gate right before the provider takes the mail. Whoever finds an attempt without
 * an end can therefore tell: not past the gate, nothing was sent and nothing will be; past it, only the provider
 * knows.
 */
@Injectable()
export class SendMail {
  constructor(
    private readonly record: AttemptRecord,
    private readonly queue: OutboxQueue,
    private readonly pace: CompanyPace,
    private readonly turns: MailboxTurns,
    private readonly senders: Senders,
    private readonly mails: KeptMails,
    private readonly returnPaths: ReturnPaths,
    private readonly sentAs: SenderLook,
  ) {}

  async look(taken: TakenMail, signal: AbortSignal): Promise<NextLook> {
    const state = await this.record.current(taken.company, taken.mailId);
    switch (state.status) {
      case 'queued':
      case 'sending':
        return this.inTurn(taken, state, signal);
      case 'accepted':
        return this.sentAs.look(taken, state, signal);
      case 'none':
      case 'failed':
      case 'unknown':
      case 'cancelled':
        return null;
    }
  }

  private async inTurn(taken: TakenMail, mail: Queued | Sending, signal: AbortSignal): Promise<NextLook> {
    const turn = this.turns.take(placeOf(attemptOf(taken, mail), mail));
    if ('waitMs' in turn) return inMs(turn.waitMs);
    try {
      return await (mail.status === 'queued' ? this.send(taken, mail, signal) : this.recover(taken, mail, signal));
    } finally {
      turn.leave();
    }
  }

  private async send(taken: TakenMail, mail: Queued, signal: AbortSignal): Promise<NextLook> {
    const room = await this.pace.take(taken, mail);
    if ('waitMs' in room) return inMs(room.waitMs);
    const attempt = { ...attemptOf(taken, mail), attempt: mail.attempts + 1 };
    const begun = (await this.queue.prepareAttempt(taken, attempt.attempt)) && (await this.record.start(attempt));
    // Somebody else was faster, or the author took it back: the record says what to do next.
    if (!begun) {
      await room.giveBack();
      return inMs(0);
    }
    let sender: MailSender;
    try {
      sender = await this.senders.senderOf(taken.company, mail);
    } catch (error) {
      await room.giveBack();
      return this.notSent(attempt, mail, { failure: failureIn(error), refused: [] }, signal);
    }
    return this.handOver(sender, taken, attempt, { ...mail, ...room }, signal);
  }

  private async handOver(
    sender: MailSender,
    taken: TakenMail,
    attempt: Attempt,
    mail: Queued & Room,
    signal: AbortSignal,
  ): Promise<NextLook> {
    const begunAt = new Date().toISOString();
    let lost = false;
    const commit = async (): Promise<void> => {
      const asked = performance.now();
      lost = !(await this.queue.pass(taken, attempt.attempt));
      // Whoever was suspended for so long may find that others have given the attempt up and begun another.
      lost ||= performance.now() - asked >= LEASE_MS;
      if (lost) throw new Error('Another instance has this mail.');
    };
    const prepared = {
      ...(await this.mails.prepared(taken.company, taken.mailId, mail.outstanding)),
      ...this.returnPaths.of(taken.mailId),
    };
    const outcome: SendOutcome = inMail(mail.outstanding, await sender.send(prepared, commit, signal));
    if (outcome.kind === 'not_sent') await mail.giveBack();
    if (lost) return inMs(0);
    switch (outcome.kind) {
      case 'accepted':
        return this.accepted(attempt, mail, outcome, signal);
      case 'not_sent':
        return this.notSent(attempt, mail, outcome, signal);
      case 'uncertain':
        return this.search(sender, taken, attempt, { ...mail, startedAt: begunAt, passedAt: new Date() }, signal);
    }
  }

  /** Whoever was refused for the moment is tried again, and nobody else: the others have got it. */
  private async accepted(
    attempt: Attempt,
    { route, troubles }: Queued,
    outcome: Extract<SendOutcome, { kind: 'accepted' }>,
    signal: AbortSignal,
  ): Promise<NextLook> {
    const isDeferred = outcome.refused.some(({ temporary }) => temporary);
    const { retryInMs } = isDeferred ? consequenceOf(DEFERRED, route, troubles) : NEVER;
    const retryAt = retryInMs === null ? null : inMs(retryInMs);
    await this.record.accepted(attempt, { ...outcome, foundInSent: false, retryAt }, signal);
    return retryAt ?? (route !== 'hrbc' && outcome.sentAs === null ? inMs(FIRST_LOOK_MS) : null);
  }

  /** An attempt without an end: its process died, was cut off, or could not record what became of it. */
  private async recover(taken: TakenMail, mail: Sending, signal: AbortSignal): Promise<NextLook> {
    const attempt = attemptOf(taken, mail);
    const { gate } = taken;
    if (gate !== null && gate.attempt === mail.attempts && !gate.passed) {
      return (await this.isHeld(taken)) ? this.notSent(attempt, mail, INTERRUPTED, signal) : inMs(0);
    }
    let sender: MailSender;
    try {
      sender = await this.senders.senderOf(taken.company, mail);
    } catch (error) {
      return this.unsearched(taken, attempt, mail, failureIn(error), signal);
    }
    const passedAt = gate?.attempt === mail.attempts ? gate.passedAt : undefined;
    return this.search(sender, taken, attempt, { ...mail, passedAt: passedAt ?? new Date(mail.startedAt) }, signal);
  }

  /** Asks the provider what became of it; only when that says for long enough that it sent nothing, it is sent again. */
  private async search(
    sender: MailSender,
    taken: TakenMail,
    attempt: Attempt,
    mail: Omit<Sending, 'status'> & { readonly passedAt: Date },
    signal: AbortSignal,
  ): Promise<NextLook> {
    const since = new Date(mail.startedAt);
    const begun = Date.now();
    let found: SentSearch;
    try {
      found = await sender.findSent(attempt.mailId, since, signal);
    } catch (error) {
      return this.unsearched(taken, attempt, mail, failureIn(error), signal);
    }
    switch (found.kind) {
      case 'found':
        await this.record.accepted(attempt, { ...FOUND, sentAs: found.sentAs }, signal);
        return null;
      case 'unsearchable':
        return this.leftToPerson(taken, attempt, signal);
      case 'absent':
        if (begun - mail.passedAt.getTime() < FILED_BY_THEN_MS) return inMs(SEARCH_AGAIN_MS);
        return (await this.isHeld(taken)) ? this.notSent(attempt, mail, INTERRUPTED, signal) : inMs(0);
    }
  }

  /** The provider cannot be asked: a while is waited for it to come back, and then a person has to decide. */
  private async unsearched(
    taken: TakenMail,
    attempt: Attempt,
    mail: Pick<Sending, 'route' | 'startedAt'>,
    failure: GatewayFailure,
    signal: AbortSignal,
  ): Promise<NextLook> {
    this.heed(failure, attempt, mail);
    const again = searchAgainIn(failure, Date.now() - Date.parse(mail.startedAt));
    return again === null ? this.leftToPerson(taken, attempt, signal) : inMs(again);
  }

  private async leftToPerson(taken: TakenMail, attempt: Attempt, signal: AbortSignal): Promise<NextLook> {
    if (!(await this.isHeld(taken))) return inMs(0);
    await this.record.uncertain(attempt, signal);
    return null;
  }

  /**
   * What the gate was when the mail was taken, it is for whoever still holds it. Whoever was suspended meanwhile may find
   * that another instance has let a new attempt pass, and must conclude nothing from its own.
   */
  private async isHeld(taken: TakenMail): Promise<boolean> {
    return this.queue.renew(taken);
  }

  private async notSent(
    attempt: Attempt,
    { route, troubles }: Pick<Queued, 'route' | 'troubles'>,
    { failure, refused }: { readonly failure: GatewayFailure; readonly refused: readonly Refused[] },
    signal: AbortSignal,
  ): Promise<NextLook> {
    this.heed(failure, attempt, { route });
    const { code, retryInMs } = consequenceOf(failure, route, troubles);
    const retryAt = retryInMs === null ? null : inMs(retryInMs);
    await this.record.failed(attempt, { code, refused, retryAt }, signal);
    return retryAt;
  }

  /** A limit concerns all mails of the mailbox. */
  private heed(failure: GatewayFailure, attempt: Attempt, mail: Pick<Queued, 'route'>): void {
    if (failure.kind === 'RateLimited') this.turns.pause(placeOf(attempt, mail), failure.retryAfterMs);
  }
}

const FOUND = { refused: [], foundInSent: true, retryAt: null } as const;
const DEFERRED = { kind: 'Unavailable', detail: 'deferred' } as const;
const NEVER = { retryInMs: null } as const;
const INTERRUPTED = { failure: { kind: 'Unavailable', detail: 'aborted' }, refused: [] } as const;

/** A gateway names recipients by their place among those it was given; the record, by their place in the mail. */
function inMail(outstanding: readonly number[] | null, outcome: SendOutcome): SendOutcome {
  if (outstanding === null || outcome.kind === 'uncertain') return outcome;
  const refused = outcome.refused.flatMap(({ recipient, ...said }) => {
    const place = outstanding[recipient];
    return place === undefined ? [] : [{ recipient: place, ...said }];
  });
  return { ...outcome, refused };
}
