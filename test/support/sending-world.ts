import { type CommandMetadata, fold } from '@libs/eventsourcing';
import { vi } from 'vitest';
import { GatewayError, type MailSender, type SendOutcome, type SentSearch } from '../../src/gateways/index.js';
import { type ReturnPaths } from '../../src/modules/outbox/bounces/return-paths.js';
import { type KeptMails } from '../../src/modules/outbox/composing/kept-mails.js';
import * as commands from '../../src/modules/outbox/outbox.commands.js';
import { outboxDecider, type OutboxMailState } from '../../src/modules/outbox/outbox.decider.js';
import { type OutboxEvent, type Route } from '../../src/modules/outbox/outbox.events.js';
import { type Senders } from '../../src/modules/outbox/routing/senders.js';
import { type AttemptRecord } from '../../src/modules/outbox/sending/attempt-record.js';
import { type CompanyPace } from '../../src/modules/outbox/sending/company-pace.js';
import { MailboxTurns } from '../../src/modules/outbox/sending/mailbox-turns.js';
import {
  type Gate,
  LEASE_MS,
  type OutboxQueue,
  type TakenMail,
} from '../../src/modules/outbox/sending/outbox-queue.js';
import { SendMail } from '../../src/modules/outbox/sending/send-mail.js';
import { SenderLook } from '../../src/modules/outbox/sending/sender-look.js';

/** What one instance meets that takes the mail. */
export interface Turn {
  /** How long after the one before. */
  readonly waitMs: number;
  /** Death: nothing more is done. Sleep: the process is suspended, its lease runs out, and it wakes up later. */
  readonly hit: 'nothing' | 'death' | 'sleep';
  /** At which of its steps: before and after every word to the record, the queue or the provider. */
  readonly atStep: number;
  /** How many other turns a sleeping instance misses. */
  readonly missing: number;
  readonly fate: 'accept' | 'lost' | 'vanish' | 'late' | 'refuse' | 'limit';
  readonly lateMs: number;
  readonly filingMs: number;
  readonly searchFails: boolean;
}

export interface Ending {
  readonly state: OutboxMailState['status'];
  /** How many copies the provider has sent. */
  readonly delivered: number;
}

class Death extends Error {}
interface Instance {
  readonly turn: Turn;
  steps: number;
  isDead: boolean;
  isDone: boolean;
  missing: number;
  wake: (() => void) | null;
}

const CALM: Turn = { waitMs: 0, hit: 'nothing', atStep: 0, missing: 0, fate: 'accept', lateMs: 0, filingMs: 0, searchFails: false }; // prettier-ignore
const mail = { userId: 'taro', mailId: 'm1' };
const FROM = 'taro@acme.example';
const never = new AbortController().signal;
const now = (): number => Date.now();

/** One mail, its record, its place in the queue and its provider, for instances that are hit. Needs fake timers. */
export class SendingWorld {
  private readonly events: OutboxEvent[];
  private readonly queued = { dueAt: 0, leaseUntil: 0, holder: '', gate: null as Gate | null, done: false };
  private readonly sent: { readonly at: number; readonly filedAt: number }[] = [];
  private readonly sleeping = new Set<Instance>();

  constructor(private readonly route: Route) {
    this.events = [{ type: 'MailQueued', data: { ...mail, route, from: FROM, messageId: '<m1>', recipients: 1, size: 1 } }]; // prettier-ignore
  }

  async take(turn: Turn): Promise<void> {
    vi.advanceTimersByTime(turn.waitMs);
    for (const one of this.sleeping) if (--one.missing === 0) await this.wakeUp(one);
    const { queued } = this;
    if (queued.done || queued.dueAt > now() || queued.leaseUntil > now()) return;
    Object.assign(queued, { holder: `${Math.random()}`, leaseUntil: now() + LEASE_MS });
    const taken = { company: 'acme', mailId: 'm1', holder: queued.holder, gate: queued.gate, dueAt: new Date(queued.dueAt) }; // prettier-ignore
    await this.start({ turn, steps: 0, isDead: false, isDone: false, missing: turn.missing, wake: null }, taken);
  }

  /** All is well from now on, until nothing moves any more. */
  async settle(): Promise<Ending> {
    for (const one of this.sleeping) await this.wakeUp(one);
    for (let turns = 0; turns < 200 && !this.queued.done; turns++) {
      await this.take({ ...CALM, waitMs: Math.max(0, this.queued.dueAt - now(), this.queued.leaseUntil - now()) });
    }
    return { state: this.state.status, delivered: this.sent.length };
  }

  private get state(): OutboxMailState {
    return fold(outboxDecider, this.events);
  }

  private async start(instance: Instance, taken: TakenMail): Promise<void> {
    this.work(instance, taken).then(
      () => (instance.isDone = true),
      () => (instance.isDone = true),
    );
    await this.untilStill(instance);
  }

  private async work(instance: Instance, taken: TakenMail): Promise<void> {
    const next = await this.lookOf(instance).look(taken, never);
    await this.step(instance, () => {
      const { queued } = this;
      if (queued.holder !== taken.holder) return;
      queued.leaseUntil = 0;
      if (next !== null) queued.dueAt = next.getTime();
      else if (queued.dueAt === taken.dueAt.getTime()) queued.done = true;
    });
  }

  /** What OutboxDispatch makes of events, a moment after them. */
  private dispatch(events: readonly OutboxEvent[]): void {
    for (const { data } of events) {
      if ('retryAt' in data) Object.assign(this.queued, { done: false, dueAt: Date.parse(data.retryAt) });
    }
  }

  private async wakeUp(instance: Instance): Promise<void> {
    this.sleeping.delete(instance);
    const wake = instance.wake!;
    instance.wake = null;
    wake();
    await this.untilStill(instance);
  }

  private async untilStill(instance: Instance): Promise<void> {
    for (let ticks = 0; !instance.isDone && instance.wake === null; ticks++) {
      if (ticks > 10_000) throw new Error('An instance is neither done nor asleep.');
      await Promise.resolve();
    }
  }

  private async step<Result>(instance: Instance, effect: () => Result): Promise<Result> {
    await this.mayBeHit(instance);
    const result = effect();
    await this.mayBeHit(instance);
    return result;
  }

  private async mayBeHit(instance: Instance): Promise<void> {
    const { turn } = instance;
    instance.steps += 1;
    if (instance.steps === turn.atStep && turn.hit === 'death') instance.isDead = true;
    if (instance.isDead) throw new Death();
    if (instance.steps !== turn.atStep || turn.hit !== 'sleep') return;
    this.sleeping.add(instance);
    await new Promise<void>((wake) => (instance.wake = wake));
  }

  private lookOf(instance: Instance): SendMail {
    const [record, turns] = [this.recordOf(instance), new MailboxTurns()];
    const pace = { take: async () => ({ giveBack: async () => undefined }) } as unknown as CompanyPace;
    const senders = { senderOf: async () => this.senderOf(instance) } as unknown as Senders;
    const mails = { prepared: async () => ({}) } as unknown as KeptMails;
    const paths = { of: () => ({ returnPath: null, envelopeId: 'e' }) } as unknown as ReturnPaths;
    const sentAs = new SenderLook(record, senders, turns);
    return new SendMail(record, this.queueOf(instance), pace, turns, senders, mails, paths, sentAs);
  }

  private recordOf(instance: Instance): AttemptRecord {
    const metadata: CommandMetadata = { company: 'acme', actor: { kind: 'system', name: 'sending' }, at: new Date().toISOString(), correlationId: 'c', causationId: 'c' }; // prettier-ignore
    const decide = async (command: commands.OutboxCommand): Promise<boolean> =>
      this.step(instance, () => {
        const events = outboxDecider.decide(command, this.state);
        this.events.push(...events);
        this.dispatch(events);
        return events.length > 0;
      });
    const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
    type Data = { readonly attempt: number };
    const of = ({ attempt }: Data) => ({ ...mail, attempt });
    return {
      current: async () => this.step(instance, () => this.state),
      start: async (data: Data) => decide(new commands.StartSending(of(data), metadata)),
      accepted: async (data: Data, { retryAt, ...outcome }: { retryAt: Date | null; refused: []; sentAs: string; foundInSent: boolean }) =>
        decide(new commands.RecordAcceptance({ ...of(data), ...outcome, retryAt: iso(retryAt) }, metadata)),
      failed: async (data: Data, { retryAt, ...outcome }: { retryAt: Date | null; refused: []; code: string }) =>
        decide(new commands.RecordFailure({ ...of(data), ...outcome, retryAt: iso(retryAt) }, metadata)),
      uncertain: async (data: Data) => decide(new commands.RecordUncertainty({ ...of(data), code: 'x' }, metadata)),
      sender: async () => true,
    } as unknown as AttemptRecord; // prettier-ignore
  }

  /** The same guarantees as those that the contracts of OutboxQueue show of it. */
  private queueOf(instance: Instance): OutboxQueue {
    const { queued } = this;
    const ifHeld = async ({ holder }: TakenMail, change: () => boolean): Promise<boolean> =>
      this.step(instance, () => queued.holder === holder && change());
    return {
      renew: async (taken: TakenMail) =>
        ifHeld(taken, () => {
          queued.leaseUntil = now() + LEASE_MS;
          return true;
        }),
      prepareAttempt: async (taken: TakenMail, attempt: number) =>
        ifHeld(taken, () => {
          queued.gate = { attempt, passed: false };
          return true;
        }),
      pass: async (taken: TakenMail, attempt: number) =>
        ifHeld(taken, () => {
          if (queued.gate?.attempt !== attempt || queued.gate.passed) return false;
          Object.assign(queued, {
            gate: { attempt, passed: true, passedAt: new Date() },
            leaseUntil: now() + LEASE_MS,
          });
          return true;
        }),
    } as unknown as OutboxQueue;
  }

  private senderOf(instance: Instance): MailSender {
    const { searchFails } = instance.turn;
    return {
      maxMessageBytes: async () => 1,
      checkFrom: async () => ({ sendable: 'yes' }),
      send: async (_mail, commit): Promise<SendOutcome> => {
        try {
          await commit();
        } catch (error) {
          if (error instanceof Death) throw error;
          return { kind: 'not_sent', failure: { kind: 'Unavailable', detail: 'aborted' }, refused: [] };
        }
        // Between the gate and the socket a process may die; that it is suspended just there for minutes is left out.
        const said = this.handOver(instance.turn);
        await this.mayBeHit(instance);
        return said;
      },
      findSent: async (): Promise<SentSearch> =>
        this.step(instance, () => {
          if (this.route === 'hrbc') return { kind: 'unsearchable' };
          if (searchFails) throw new GatewayError({ kind: 'Unavailable', detail: 'timeout' });
          const isFiled = this.sent.some(({ filedAt }) => filedAt <= now());
          return isFiled ? { kind: 'found', sentAs: FROM } : { kind: 'absent' };
        }),
    };
  }

  private handOver({ fate, lateMs, filingMs }: Turn): SendOutcome {
    const deliver = (afterMs: number): void =>
      void this.sent.push({ at: now() + afterMs, filedAt: now() + afterMs + filingMs });
    switch (fate) {
      case 'accept':
        deliver(0);
        return { kind: 'accepted', refused: [], sentAs: FROM };
      case 'lost':
        deliver(0);
        return { kind: 'uncertain', detail: 'timeout' };
      case 'late':
        deliver(lateMs);
        return { kind: 'uncertain', detail: 'timeout' };
      case 'vanish':
        return { kind: 'uncertain', detail: 'timeout' };
      case 'refuse':
        return { kind: 'not_sent', failure: { kind: 'Rejected', code: 'spam' }, refused: [] };
      case 'limit':
        return { kind: 'not_sent', failure: { kind: 'RateLimited', retryAfterMs: 1_000 }, refused: [] };
    }
  }
}
