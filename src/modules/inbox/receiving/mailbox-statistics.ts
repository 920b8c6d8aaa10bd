import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { type QueuedMailbox } from './mailbox-queue.js';

/** A mailbox as far as its cursor is concerned. */
export type CheckedMailbox = Pick<QueuedMailbox, '_id' | 'company' | 'userId' | 'hint'>;
export type SilentMailbox = Pick<QueuedMailbox, '_id' | 'company' | 'userId' | 'aliveAt'>;

/** How the queue is, over all companies: counts and samples, never a change. */
@Injectable()
export class MailboxStatistics {
  private readonly mailboxes: Collection<QueuedMailbox>;

  constructor(@InjectConnection() connection: Connection) {
    this.mailboxes = connection.collection<QueuedMailbox>('mailboxes');
  }

  async prepare(): Promise<void> {
    await this.mailboxes.createIndex({ active: 1, 'failure.code': 1 });
  }

  /** How many of the mailboxes to be read have each problem, and how many have none (`none`). */
  async countByProblem(codes: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = await Promise.all(
      codes.map(async (code) => [code, await this.mailboxes.countDocuments({ active: true, 'failure.code': code })] as const), // prettier-ignore
    );
    return new Map([
      ['none', await this.mailboxes.countDocuments({ active: true, failure: null })] as const,
      ...counts,
    ]);
  }

  /** Those to be read without a sign of life since then. */
  async silent(before: Date, limit: number): Promise<readonly SilentMailbox[]> {
    const fields = { company: 1, userId: 1, aliveAt: 1 };
    return this.mailboxes.find(silentSince(before), { projection: fields }).sort({ aliveAt: 1 }).limit(limit).toArray();
  }

  async countSilent(before: Date): Promise<number> {
    return this.mailboxes.countDocuments(silentSince(before));
  }

  /** For how long the longest waiting mailbox has been due. */
  async lagSeconds(now: Date): Promise<number> {
    const waiting = { active: true, dueAt: { $lte: now }, leaseUntil: { $lte: now } };
    const [longest] = await this.mailboxes.find(waiting).sort({ dueAt: 1 }).limit(1).toArray();
    return longest ? (now.getTime() - longest.dueAt.getTime()) / 1_000 : 0;
  }

  /** The mailboxes behind this one, in the order of ids, for a walk in small steps; null: from the first. */
  async behind(id: string | null, limit: number): Promise<readonly CheckedMailbox[]> {
    const fields = { company: 1, userId: 1, hint: 1 };
    const filter = id === null ? {} : { _id: { $gt: id } };
    return this.mailboxes.find(filter, { projection: fields }).sort({ _id: 1 }).limit(limit).toArray();
  }
}

const silentSince = (before: Date) => ({ active: true, aliveAt: { $lt: before } });
