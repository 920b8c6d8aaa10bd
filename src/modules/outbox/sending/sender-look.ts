import { Injectable } from '@nestjs/common';
import { type OutboxMailState } from '../outbox.decider.js';
import { Senders } from '../routing/senders.js';
import { attemptOf, failureIn, inMs, placeOf } from './attempt.js';
import { AttemptRecord } from './attempt-record.js';
import { MailboxTurns } from './mailbox-turns.js';
import { type TakenMail } from './outbox-queue.js';
import { searchAgainIn } from './search.policy.js';

type Accepted = Extract<OutboxMailState, { status: 'accepted' }>;

/** Providers file what they have sent within moments, seldom within minutes; who reads nothing by then will not. */
const WITHIN_MS = 10 * 60_000;
const AGAIN_MS = 60_000;
/** When to look for the first time, after the look that followed the sending itself. */
export const FIRST_LOOK_MS = 5_000;

/**
 * From which address a mail went out that the provider has taken: providers put a From back without a word, and the copy
 * that shows it may be filed only after the sender has looked (R43, R44).
 */
@Injectable()
export class SenderLook {
  constructor(
    private readonly record: AttemptRecord,
    private readonly senders: Senders,
    private readonly turns: MailboxTurns,
  ) {}

  /** When to look again; null: it is known, or nobody will know. */
  async look(taken: TakenMail, mail: Accepted, signal: AbortSignal): Promise<Date | null> {
    const passedAt = taken.gate?.attempt === mail.attempts ? taken.gate.passedAt : undefined;
    if (mail.route === 'hrbc' || mail.isRewritten || passedAt === undefined) return null;
    if (Date.now() - passedAt.getTime() >= WITHIN_MS) return null;
    const turn = this.turns.take(placeOf(attemptOf(taken, mail), mail));
    if ('waitMs' in turn) return inMs(turn.waitMs);
    try {
      return await this.read(taken, mail, passedAt, signal);
    } finally {
      turn.leave();
    }
  }

  private async read(taken: TakenMail, mail: Accepted, since: Date, signal: AbortSignal): Promise<Date | null> {
    const attempt = attemptOf(taken, mail);
    try {
      const sender = await this.senders.senderOf(taken.company, mail);
      const found = await sender.findSent(attempt.mailId, since, signal);
      if (found.kind === 'absent') return inMs(AGAIN_MS);
      if (found.kind === 'found' && found.sentAs !== null) await this.record.sender(attempt, found.sentAs, signal);
      return null;
    } catch (error) {
      const failure = failureIn(error);
      if (failure.kind === 'RateLimited') this.turns.pause(placeOf(attempt, mail), failure.retryAfterMs);
      return searchAgainIn(failure, 0) === null ? null : inMs(AGAIN_MS);
    }
  }
}
