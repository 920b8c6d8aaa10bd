import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { type MailboxProblemCode } from '../../user-mail-setting/index.js';
import { inboxStream, type StoredCursor } from '../inbox.events.js';
import { type TakeFilter } from './workload.js';

/** How long a taken mailbox stays taken without a sign of life; a crash delays it by this much. */
export const LEASE_MS = 15_000;

export interface MailboxFailure {
  readonly code: MailboxProblemCode;
  readonly since: string;
  /** Failures in a row. */
  readonly count: number;
}

/** Work to be done for a mailbox, and how it went: neither decision nor read model, and safe to lose. */
export interface QueuedMailbox {
  readonly _id: string;
  readonly company: string;
  readonly userId: string;
  readonly active: boolean;
  readonly dueAt: Date;
  readonly leaseUntil: Date;
  /** Grows with every taking; what an earlier holder still writes is ignored. */
  readonly fence: number;
  /** Host and port of its server, as far as known: what connections are limited by. */
  readonly endpoint: string | null;
  /** A newer cursor than the stream's, from polls that found nothing; valid only behind that revision. */
  readonly hint: { readonly revision: number; readonly cursor: StoredCursor } | null;
  readonly lastCheckedAt: string | null;
  /** When something last went well: it was activated, a batch came in, or a look ended. */
  readonly aliveAt: Date;
  readonly failure: MailboxFailure | null;
}

export type TakenMailbox = Pick<QueuedMailbox, 'company' | 'userId' | 'fence' | 'endpoint' | 'hint' | 'failure'>;
export type MailboxCondition = Pick<
  QueuedMailbox,
  'company' | 'userId' | 'active' | 'lastCheckedAt' | 'aliveAt' | 'failure'
>;

const PAST = new Date(0);
/** Filled in when reading too: not every server of the protocol keeps a null on insert. */
const NEVER_LOOKED_AT = { endpoint: null, hint: null, lastCheckedAt: null } as const;
const EVERYTHING: TakeFilter = { lane: 'healthy', fullEndpoints: [], troubledEndpoints: [] };

/** Which mailboxes are due. Any number of instances take from it; each mailbox is worked on by one at a time. */
@Injectable()
export class MailboxQueue {
  private readonly mailboxes: Collection<QueuedMailbox>;

  constructor(@InjectConnection() connection: Connection) {
    this.mailboxes = connection.collection<QueuedMailbox>('mailboxes');
  }

  async prepare(): Promise<void> {
    await this.mailboxes.createIndex({ active: 1, dueAt: 1 });
    await this.mailboxes.createIndex({ active: 1, aliveAt: 1 });
    await this.mailboxes.createIndex({ company: 1, userId: 1 });
  }

  /**
   * The setting says that the mailbox is to be read: it is due at once, and old failures are forgotten. Whoever
   * works on it now works on an old setting, and loses it.
   */
  async activate(company: string, userId: string, now = new Date()): Promise<void> {
    await this.mailboxes.updateOne(
      { _id: inboxStream(company, userId) },
      {
        $set: { active: true, dueAt: now, leaseUntil: PAST, failure: null, aliveAt: now },
        $inc: { fence: 1 },
        $setOnInsert: { company, userId, ...NEVER_LOOKED_AT },
      },
      { upsert: true },
    );
  }

  /** Its server was changed: it is due at once, and whoever works on it loses it. Nothing, if it is not to be read. */
  async recheck(company: string, userId: string, now = new Date()): Promise<void> {
    await this.mailboxes.updateOne(
      { _id: inboxStream(company, userId), active: true },
      { $set: { dueAt: now, leaseUntil: PAST, endpoint: null }, $inc: { fence: 1 } },
    );
  }

  /** Makes the mailbox due at once, unless somebody is at it already; a failure's pause is kept. */
  async hurry(company: string, userId: string, now = new Date()): Promise<void> {
    await this.mailboxes.updateOne(
      { _id: inboxStream(company, userId), active: true, failure: null, leaseUntil: { $lte: now } },
      { $set: { dueAt: now } },
    );
  }

  async deactivate(company: string, userId: string): Promise<void> {
    await this.mailboxes.updateOne({ _id: inboxStream(company, userId) }, { $set: { active: false } });
  }

  /** Takes out a mailbox that is not to be read; nothing happens if it was activated since it was taken. */
  async retire(taken: TakenMailbox): Promise<void> {
    await this.mailboxes.updateOne(mine(taken), { $set: { active: false, leaseUntil: PAST } });
  }

  /** Takes the mailbox that has been due longest among those that the filter lets through; null: none is due. */
  async take(filter: TakeFilter = EVERYTHING, now = new Date()): Promise<TakenMailbox | null> {
    const taken = await this.mailboxes.findOneAndUpdate(
      due(filter, now),
      { $set: { leaseUntil: new Date(now.getTime() + LEASE_MS) }, $inc: { fence: 1 } },
      { sort: { dueAt: 1 }, returnDocument: 'after' },
    );
    return taken && { ...NEVER_LOOKED_AT, ...taken };
  }

  /** Whether there is something to take. */
  async isAnyDue(filter: TakeFilter = EVERYTHING, now = new Date()): Promise<boolean> {
    return (await this.mailboxes.findOne(due(filter, now), { projection: { _id: 1 } })) !== null;
  }

  /** A sign of life. False: the mailbox was taken by somebody else, or is not to be read any more. */
  async renew(taken: TakenMailbox): Promise<boolean> {
    const leaseUntil = new Date(Date.now() + LEASE_MS);
    const { matchedCount } = await this.mailboxes.updateOne(mine(taken), { $set: { leaseUntil } });
    return matchedCount === 1;
  }

  /** A batch is in: it goes well, however long the look will take. */
  async progressed(taken: TakenMailbox): Promise<void> {
    await this.mailboxes.updateOne(mine(taken), { $set: { aliveAt: new Date() } });
  }

  /** Gives the mailbox back after a look that went well. */
  async succeed(
    taken: TakenMailbox,
    { dueAt, hint, endpoint }: { dueAt: Date; hint: QueuedMailbox['hint']; endpoint: string | null },
  ): Promise<void> {
    const now = new Date();
    const checked = { lastCheckedAt: now.toISOString(), aliveAt: now, failure: null };
    await this.mailboxes.updateOne(mine(taken), {
      $set: { leaseUntil: PAST, dueAt, endpoint, ...checked, ...(hint ? { hint } : {}) },
    });
  }

  /** Gives the mailbox back unfinished, for no fault of anybody's: it is due again at once, behind those that wait. */
  async putBack(taken: TakenMailbox, endpoint: string | null): Promise<void> {
    await this.mailboxes.updateOne(mine(taken), { $set: { leaseUntil: PAST, dueAt: new Date(), endpoint } });
  }

  /** Gives the mailbox back after a look that failed; null: it counts as no failure. */
  async fail(taken: TakenMailbox, dueAt: Date, failure: MailboxFailure | null): Promise<void> {
    await this.mailboxes.updateOne(mine(taken), { $set: { leaseUntil: PAST, dueAt, failure } });
  }

  async conditionOf(company: string, userId: string): Promise<MailboxCondition | null> {
    const found = await this.mailboxes.findOne({ _id: inboxStream(company, userId) });
    return found && { ...NEVER_LOOKED_AT, ...found };
  }

  /** The conditions of the company's mailboxes, by user. */
  async conditionsOf(company: string): Promise<ReadonlyMap<string, MailboxCondition>> {
    const found = await this.mailboxes.find({ company }, { projection: { hint: 0 } }).toArray();
    return new Map(found.map((mailbox) => [mailbox.userId, { ...NEVER_LOOKED_AT, ...mailbox }]));
  }

  /** The companies of which mail is or was read. */
  async companies(): Promise<readonly string[]> {
    return this.mailboxes.distinct('company');
  }

  /** For an instance that is alone by the nature of its stores: whoever held leases before is dead. */
  async releaseAll(): Promise<void> {
    await this.mailboxes.updateMany({}, { $set: { leaseUntil: PAST } });
  }
}

function due({ lane, fullEndpoints, troubledEndpoints }: TakeFilter, now: Date) {
  const free = { active: true, dueAt: { $lte: now }, leaseUntil: { $lte: now } };
  if (lane === 'healthy') {
    return { ...free, failure: null, endpoint: { $nin: [...fullEndpoints, ...troubledEndpoints] } };
  }
  const inTrouble = [{ failure: { $ne: null } }, { endpoint: { $in: [...troubledEndpoints] } }];
  return { ...free, endpoint: { $nin: [...fullEndpoints] }, $or: inTrouble };
}

/** While it is ours: every taking and every activation draws a new fence. */
const mine = ({ company, userId, fence }: TakenMailbox) => ({
  _id: inboxStream(company, userId),
  fence,
  active: true,
});
