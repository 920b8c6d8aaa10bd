import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { type MailboxProblemCode } from '../../user-mail-setting/index.js';
import { inboxStream, type StoredCursor } from '../inbox.events.js';

/** How long a taken mailbox stays taken without a sign of life; a crash delays it by this much. */
export const LEASE_MS = 15_000;

export interface MailboxFailure {
  readonly code: MailboxProblemCode;
  readonly since: string;
  /** Failures in a row. */
  readonly count: number;
}

/** Work to be done for a mailbox, and how it went: neither decision nor read model, and safe to lose. */
interface QueuedMailbox {
  readonly _id: string;
  readonly company: string;
  readonly userId: string;
  readonly active: boolean;
  readonly dueAt: Date;
  readonly leaseUntil: Date;
  /** Grows with every taking; what an earlier holder still writes is ignored. */
  readonly fence: number;
  /** A newer cursor than the stream's, from polls that found nothing; valid only behind that revision. */
  readonly hint: { readonly revision: number; readonly cursor: StoredCursor } | null;
  readonly lastCheckedAt: string | null;
  readonly failure: MailboxFailure | null;
}

export type TakenMailbox = Pick<QueuedMailbox, 'company' | 'userId' | 'fence' | 'hint' | 'failure'>;
export type MailboxCondition = Pick<QueuedMailbox, 'active' | 'lastCheckedAt' | 'failure'>;

const PAST = new Date(0);

/** Which mailboxes are due. Any number of instances take from it; each mailbox is worked on by one at a time. */
@Injectable()
export class MailboxQueue {
  private readonly mailboxes: Collection<QueuedMailbox>;

  constructor(@InjectConnection() connection: Connection) {
    this.mailboxes = connection.collection<QueuedMailbox>('mailboxes');
  }

  async prepare(): Promise<void> {
    await this.mailboxes.createIndex({ active: 1, dueAt: 1 });
  }

  /**
   * The setting says that the mailbox is to be read: it is due at once, and old failures are forgotten. Whoever
   * works on it now works on an old setting, and loses it.
   */
  async activate(company: string, userId: string): Promise<void> {
    await this.mailboxes.updateOne(
      { _id: inboxStream(company, userId) },
      {
        $set: { active: true, dueAt: new Date(), leaseUntil: PAST, failure: null },
        $inc: { fence: 1 },
        $setOnInsert: { company, userId, hint: null, lastCheckedAt: null },
      },
      { upsert: true },
    );
  }

  async deactivate(company: string, userId: string): Promise<void> {
    await this.mailboxes.updateOne({ _id: inboxStream(company, userId) }, { $set: { active: false } });
  }

  /** Takes the mailbox that has been due longest; null: none is due. */
  async take(now = new Date()): Promise<TakenMailbox | null> {
    return this.mailboxes.findOneAndUpdate(
      { active: true, dueAt: { $lte: now }, leaseUntil: { $lte: now } },
      { $set: { leaseUntil: new Date(now.getTime() + LEASE_MS) }, $inc: { fence: 1 } },
      { sort: { dueAt: 1 }, returnDocument: 'after' },
    );
  }

  /** A sign of life. False: the mailbox was taken by somebody else, or is not to be read any more. */
  async renew(taken: TakenMailbox): Promise<boolean> {
    const leaseUntil = new Date(Date.now() + LEASE_MS);
    const { matchedCount } = await this.mailboxes.updateOne(mine(taken), { $set: { leaseUntil } });
    return matchedCount === 1;
  }

  /** Gives the mailbox back after a look that went well. */
  async succeed(taken: TakenMailbox, dueAt: Date, hint: QueuedMailbox['hint']): Promise<void> {
    const lastCheckedAt = new Date().toISOString();
    await this.mailboxes.updateOne(mine(taken), {
      $set: { leaseUntil: PAST, dueAt, failure: null, lastCheckedAt, ...(hint ? { hint } : {}) },
    });
  }

  /** Gives the mailbox back after a look that failed; null: it counts as no failure. */
  async fail(taken: TakenMailbox, dueAt: Date, failure: MailboxFailure | null): Promise<void> {
    await this.mailboxes.updateOne(mine(taken), { $set: { leaseUntil: PAST, dueAt, failure } });
  }

  async conditionOf(company: string, userId: string): Promise<MailboxCondition | null> {
    return this.mailboxes.findOne({ _id: inboxStream(company, userId) });
  }

  /** For an instance that is alone by the nature of its stores: whoever held leases before is dead. */
  async releaseAll(): Promise<void> {
    await this.mailboxes.updateMany({}, { $set: { leaseUntil: PAST } });
  }
}

/** While it is ours: every taking and every activation draws a new fence. */
const mine = ({ company, userId, fence }: TakenMailbox) => ({
  _id: inboxStream(company, userId),
  fence,
  active: true,
});
