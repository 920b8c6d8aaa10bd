import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Collection, type Connection } from 'mongoose';
import { randomUUID } from 'node:crypto';
import { outboxMailStream } from '../outbox.events.js';

/** How long a taken mail stays taken without a sign of life; a crash delays it by this much. */
export const LEASE_MS = 15_000;

/**
 * How far an attempt has come: prepared, or past the point from which nobody can take it back. It is written by the
 * holder of the mail alone, so an attempt whose holder has lost the mail can never pass any more.
 */
export interface Gate {
  readonly attempt: number;
  readonly passed: boolean;
  /** When it passed; absent: it has not. */
  readonly passedAt?: Date;
}

interface QueuedMail {
  readonly _id: string;
  readonly company: string;
  readonly mailId: string;
  readonly dueAt: Date;
  readonly leaseUntil: Date;
  /** Drawn anew with every taking: the fence. */
  readonly holder: string | null;
  readonly gate: Gate | null;
  /** Nothing is to be done at present. The document stays, and with it the fence. */
  readonly done: boolean;
}

export type TakenMail = Pick<QueuedMail, 'company' | 'mailId' | 'gate' | 'dueAt'> & { readonly holder: string };

const PAST = new Date(0);
/** Nobody who took a mail this long ago is still at it. */
const FORGOTTEN_AFTER_MS = 30 * 24 * 60 * 60 * 1_000;

/** Which mails are due. Any number of instances take from it; each mail is worked on by one at a time. */
@Injectable()
export class OutboxQueue {
  private readonly mails: Collection<QueuedMail>;

  constructor(@InjectConnection() connection: Connection) {
    this.mails = connection.collection<QueuedMail>('outbox_queue');
  }

  async prepare(): Promise<void> {
    await this.mails.createIndex({ done: 1, dueAt: 1 });
  }

  /** The mail is to be looked at from then on. Bears repetition: a look at a mail that is through ends at once. */
  async schedule(company: string, mailId: string, dueAt: Date): Promise<void> {
    await this.mails.updateOne(
      { _id: outboxMailStream(company, mailId) },
      {
        $set: { done: false, dueAt },
        $setOnInsert: { company, mailId, leaseUntil: PAST, holder: null, gate: null },
      },
      { upsert: true },
    );
  }

  /** Takes the mail that has been due longest; null: none is due. */
  async take(now = new Date()): Promise<TakenMail | null> {
    const holder = randomUUID();
    const taken = await this.mails.findOneAndUpdate(
      { done: false, dueAt: { $lte: now }, leaseUntil: { $lte: now } },
      { $set: { holder, leaseUntil: new Date(now.getTime() + LEASE_MS) } },
      { sort: { dueAt: 1 }, returnDocument: 'after' },
    );
    if (taken === null) return null;
    // Not every server of the protocol keeps a null on insert
    const { company, mailId, gate = null, dueAt } = taken;
    return { company, mailId, gate, dueAt, holder };
  }

  /** A sign of life. False: the mail was taken by somebody else. */
  async renew(taken: TakenMail): Promise<boolean> {
    return this.update(taken, { leaseUntil: new Date(Date.now() + LEASE_MS) });
  }

  /** Sets the gate before an attempt. False: the mail was taken by somebody else. */
  async prepareAttempt(taken: TakenMail, attempt: number): Promise<boolean> {
    return this.update(taken, { gate: { attempt, passed: false } });
  }

  /** Lets an attempt through, once. False: it must not go on, because somebody else has the mail now. */
  async pass(taken: TakenMail, attempt: number): Promise<boolean> {
    const { modifiedCount } = await this.mails.updateOne(
      { ...mine(taken), 'gate.attempt': attempt, 'gate.passed': false },
      { $set: { gate: { attempt, passed: true, passedAt: new Date() }, leaseUntil: new Date(Date.now() + LEASE_MS) } },
      // What has passed must have passed for whoever is asked next, after a change of the primary too.
      { writeConcern: { w: 'majority' } },
    );
    return modifiedCount === 1;
  }

  /** Gives the mail back, to be looked at again at this time. */
  async release(taken: TakenMail, dueAt: Date): Promise<void> {
    await this.update(taken, { leaseUntil: PAST, dueAt });
  }

  /** Gives the mail back; there is nothing more to do, unless it was scheduled anew since it was taken. */
  async finish(taken: TakenMail): Promise<void> {
    const asTaken = { ...mine(taken), dueAt: taken.dueAt };
    const { matchedCount } = await this.mails.updateOne(asTaken, { $set: { leaseUntil: PAST, done: true } });
    if (matchedCount === 0) await this.update(taken, { leaseUntil: PAST });
  }

  /** For an instance that is alone by the nature of its stores: whoever held leases before is dead. */
  async releaseAll(): Promise<void> {
    await this.mails.updateMany({}, { $set: { leaseUntil: PAST, holder: null } });
  }

  /** Removes what has been through for a month; a periodic job. */
  async forgetFinished(): Promise<void> {
    await this.mails.deleteMany({ done: true, dueAt: { $lt: new Date(Date.now() - FORGOTTEN_AFTER_MS) } });
  }

  private async update(taken: TakenMail, change: Partial<QueuedMail>): Promise<boolean> {
    return (await this.mails.updateOne(mine(taken), { $set: change })).matchedCount === 1;
  }
}

const mine = ({ company, mailId, holder }: TakenMail) => ({ _id: outboxMailStream(company, mailId), holder });
